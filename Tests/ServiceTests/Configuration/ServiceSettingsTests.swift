import Domain
import Foundation
import Model
import Testing

@testable import Service

@Suite struct `The settings` {
    private let declared = ServiceSettings.all + declarations.settings

    /// The names and the defaults in the table of docs/operation.md.
    private func documented() throws -> Set<String> {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let page = try String(contentsOf: folder.appending(path: "../../../docs/operation.md"), encoding: .utf8)
        let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("Settings\n") })
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        return Set(
            rows.map { row in
                let cells = row.replacing("`", with: "").split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                return "\(cells[0]) | \(cells[1])"
            })
    }

    @Test func `stand in docs/operation.md with their defaults, and nothing else does`() throws {
        let declared = Set(declared.map { "\($0.name) | \($0.defaultText)" })
        let documented = try documented()
        #expect(declared.subtracting(documented).sorted() == [], "declared, and not so in the table")
        #expect(documented.subtracting(declared).sorted() == [], "in the table, and not so declared")
    }

    @Test func `are what the configuration reads`() throws {
        let read = try Configuration(["CACHE_TTL_ORDERS_SECONDS": "5"], declarations, cores: 1).effective.map(\.name)
        let names = declared.map { $0.name.replacing("<RESOURCE>", with: "ORDERS") }
        #expect(read.sorted() == names.sorted())
    }

    @Test func `are each in the help, with what they are for`() throws {
        let help = try #require(Help.topic("config", declarations))
        for setting in declared {
            #expect(help.contains("\n\(setting.name) (\(setting.defaultText))\n    \(setting.summary)\n"))
            #expect(setting.summary.hasSuffix("."))
        }
    }

    @Test func `have defaults that are what they expect`() {
        for setting in declared where !setting.shownDefault.isEmpty {
            #expect(setting.read(setting.shownDefault)?.text == setting.shownDefault, "\(setting.name)")
        }
    }
}
