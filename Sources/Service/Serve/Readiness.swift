internal import EventLoop
internal import Model

/// Whether a worker can serve: its store answers and takes writes, and is as this version needs it.
final class Readiness {
    private let base: any OperatedStore
    private let loop: Loop
    /// How long the store has to answer, in milliseconds.
    private let patience: UInt64 = 2_000

    init(_ base: any OperatedStore, on loop: Loop) {
        self.base = base
        self.loop = loop
    }

    /// One sentence for each thing that is in the way.
    func obstacles() async -> [String] {
        let deadline = loop.now + patience
        do {
            try await base.rows.check(deadline: deadline)
            return try await base.mismatches(deadline: deadline)
        } catch {
            return [base.obstacle ?? "the store cannot be reached"]
        }
    }

    /// One sentence for each thing that operators should look at though it can serve.
    func doubts() async -> [String] { (try? await base.doubts(deadline: loop.now + patience)) ?? [] }

    /// Tells the log once of what is not as it has to be, and of what operators should look at, as soon as the store answers.
    func warn(_ log: Log) async {
        while true {
            do {
                let deadline = loop.now + patience
                for sentence in try await base.mismatches(deadline: deadline) { log.warning(sentence) }
                for sentence in try await base.doubts(deadline: deadline) { log.warning(sentence) }
                return
            } catch {
                await loop.sleep(milliseconds: patience)
            }
        }
    }
}

extension Readiness {
    /// What is in the way of each worker, who are asked at the same time: each has connections of its own, or has none.
    ///
    /// - Parameter silent: the indices of those who do not answer.
    static func obstacles(of workers: [Worker], silent: [Int], on loop: Loop) async -> [String] {
        var found = [[String]](repeating: ["the worker does not answer"], count: workers.count)
        let asked = workers.indices.filter { !silent.contains($0) }
        await loop.concurrently(asked) { found[$0] = await workers[$0].obstacles() }
        return summary(found)
    }

    /// What all workers say is said once, and what some of them say with their numbers.
    static func summary(_ found: [[String]]) -> [String] {
        var sentences: [String] = []
        for sentence in found.joined() where !sentences.contains(sentence) { sentences.append(sentence) }
        return sentences.map { sentence in
            let those = found.indices.filter { found[$0].contains(sentence) }
            guard those.count < found.count else { return sentence }
            let numbers = those.map { "\($0 + 1)" }.joined(separator: ", ")
            return "worker\(those.count == 1 ? "" : "s") \(numbers) of \(found.count): \(sentence)"
        }
    }
}
