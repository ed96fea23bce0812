internal import CacheCoordinator
internal import EventLoop
internal import Model

/// `larder cache`: looks into the cache that all instances share, or makes it forget.
struct CacheCommand {
    let configuration: Configuration
    let request: Command.CacheRequest
    let loop: Loop

    func run() async throws -> Int32 {
        let backing = try await Backing.sharing(configuration, on: loop)
        let backend = backing.backend!  // there is a shared cache
        do throws(CacheUnavailable) {
            switch request {
            case .stats: Terminal.write(Self.text(try await backend.stock()))
            case .inspect(let name): Terminal.write(Self.text(name, try await backend.inspect(name)))
            case .invalidate(let tags):
                try await backend.invalidate(tags)
                Terminal.write("\(tags.count == 1 ? "1 tag was" : "\(tags.count) tags were") invalidated.\n")
            case .clear:
                try await backend.clear()
                Terminal.write("The cache is empty.\n")
            }
        } catch {
            throw CommandFailure("\(backend.name) did not do it: \(error).")
        }
        await backing.close(within: 100)
        return 0
    }

    private static func text(_ stock: CacheStock) -> String {
        let width = 14
        let lines = stock.lines.map { $0.label + String(repeating: " ", count: max(1, width - $0.label.count)) + $0.text }
        return (lines + [stock.remark].compactMap(\.self)).map { $0 + "\n" }.joined()
    }

    private static func text(_ name: String, _ inspection: CacheInspection) -> String {
        var lines: [String] = []
        if let tag = inspection.tag {
            let end = tag.expiresIn.map { ", forgotten in \($0 / 1000) s" } ?? ""
            lines.append("tag    \(name)  \(text(tag.state))\(end)")
        }
        if let entry = inspection.entry {
            lines.append("entry  \(name)  \(entry.bytes) bytes, expires in \(entry.expiresIn / 1000) s")
        }
        return lines.isEmpty ? "Nothing is known of \(name).\n" : lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ state: TagState) -> String {
        switch state {
        case .token(let token, let stamp): "token \(String(token.value, radix: 16)), all before transaction \(stamp) are seen"
        case .mark(let mark):
            switch mark.writers {
            case .only(let ids):
                "marked by \(ids.count == 1 ? "transaction" : "transactions") \(ids.map(String.init).joined(separator: ", "))"
            case .upTo(let last): "marked by transactions up to \(last)"
            }
        case .placeholder: "nothing is known of writers before"
        case .absent: "nothing is known"
        }
    }
}
