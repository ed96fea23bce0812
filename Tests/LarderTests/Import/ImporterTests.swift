import Domain
import Testing

@testable import larder

@Suite struct `An import` {
    /// A row with an id and a number.
    private struct Row: Record {
        var number: Int64 = 0
        static let fields: [Field<Row>] = [Field("number", \.number, .range(0...1_000_000))]
    }

    /// A store that refuses batches with certain rows, and says what it was asked for.
    private final class Target {
        var refuse: ([Int64]) throws -> Void = { _ in }
        private(set) var batches: [[Int64]] = []
        private(set) var attempts = 0
        private(set) var rejected: [Int: String] = [:]
        private(set) var progress: [(fraction: Double, rows: Int)] = []

        /// All that was written, in order.
        var written: [Int64] { batches.flatMap(\.self) }

        func run(_ csv: String) async throws -> (imported: Int, rejected: Int) {
            var reader = CSVReader(Array(csv.utf8))
            let first = reader.next()
            let header = try #require(first).fields.get()
            let importer = Importer(
                plan: try ImportPlan<Row>(header: header, map: [:], idKind: .integer),
                write: { [self] rows in
                    attempts += 1
                    let numbers = rows.map(\.record.number)
                    try refuse(numbers)
                    batches.append(numbers)
                },
                reject: { [self] line, reason in
                    #expect(rejected[line] == nil, "line \(line) is reported twice")
                    rejected[line] = reason
                },
                progress: { [self] in progress.append(($0, $1)) })
            return try await importer.run(&reader)
        }
    }

    private let target = Target()

    /// Rows whose number is their line, from line 2 on.
    private func csv(_ count: Int) -> String {
        "id,number\n" + (0..<count).map { "\($0 + 1),\($0 + 2)\n" }.joined()
    }

    @Test func `writes the rows in batches, in their order`() async throws {
        let (imported, rejected) = try await target.run(csv(1_203))
        #expect(imported == 1_203)
        #expect(rejected == 0)
        #expect(target.batches.map(\.count) == [500, 500, 203])
        #expect(target.written == Array(2...1_204))
    }

    @Test(arguments: [0, 1, 499, 500, 501, 1_000])
    func `writes all rows, however many there are`(count: Int) async throws {
        #expect(try await target.run(csv(count)).imported == count)
        #expect(target.written.count == count)
        #expect(target.batches.allSatisfy { !$0.isEmpty })
        #expect(target.rejected.isEmpty)
    }

    @Test func `says how far it is`() async throws {
        _ = try await target.run(csv(1_203))
        #expect(target.progress.map(\.rows) == [500, 1_000, 1_203])
        #expect(target.progress.last?.fraction == 1)
        #expect(target.progress.map(\.fraction) == target.progress.map(\.fraction).sorted())
    }

    @Test(arguments: [2, 3, 250, 500, 501, 502, 700])
    func `finds the row that cannot be imported, and imports the others`(bad: Int) async throws {
        target.refuse = { if $0.contains(Int64(bad)) { throw DomainError.duplicate(field: "number") } }
        let (imported, rejected) = try await target.run(csv(700))
        #expect(imported == (bad <= 701 ? 699 : 700))
        #expect(rejected == 1)
        #expect(target.rejected == [bad: "another row has the same number"])
        #expect(target.written.sorted() == (2...701).filter { $0 != bad })
        #expect(target.attempts < 30, "the row is found by halving")
    }

    @Test func `finds all rows that cannot be imported, wherever they are`() async throws {
        for _ in 0..<20 {
            let target = Target()
            let count = Int.random(in: 1...1_100)
            let bad = Set((0..<Int.random(in: 0...12)).map { _ in Int64.random(in: 2...Int64(count + 1)) })
            target.refuse = {
                if !bad.isDisjoint(with: $0) { throw DomainError.missingReference(field: "number", resource: "things") }
            }
            let (imported, rejected) = try await target.run(csv(count))
            #expect(imported == count - bad.count)
            #expect(rejected == bad.count)
            #expect(target.written == (2...Int64(count + 1)).filter { !bad.contains($0) })
            #expect(Set(target.rejected.keys) == Set(bad.map { Int($0) }))
            #expect(target.rejected.values.allSatisfy { $0 == "number names none of the things" })
        }
    }

    @Test func `can have every row refused`() async throws {
        target.refuse = { _ in throw DomainError.duplicate(field: "number") }
        let (imported, rejected) = try await target.run(csv(5))
        #expect(imported == 0)
        #expect(rejected == 5)
        #expect(Set(target.rejected.keys) == [2, 3, 4, 5, 6])
    }

    @Test func `keeps one of two rows that exclude each other`() async throws {
        let target = target
        target.refuse = { numbers in
            let all = target.written + numbers
            if Set(all).count != all.count { throw DomainError.duplicate(field: "number") }
        }
        let (imported, rejected) = try await target.run("id,number\n1,10\n2,20\n3,10\n4,30\n")
        #expect(imported == 3)
        #expect(rejected == 1)
        #expect(target.rejected == [4: "another row has the same number"])
    }

    @Test func `reports rows that cannot be read, by their lines`() async throws {
        let text = "id,number\n1,x\n2,2\n3\n\n\"4\",\"4\n\"\n5,\"5\"x\n6,6\n-7,7\n8,8"
        let (imported, rejected) = try await target.run(text)
        #expect(imported == 3)
        #expect(rejected == 5)
        #expect(target.written == [2, 6, 8])
        #expect(Set(target.rejected.keys) == [2, 4, 6, 8, 10])
        #expect(target.rejected[4] == "it has 1 columns instead of 2")
        #expect(target.rejected[8] == "a quoted field is followed by something else than a comma")
        #expect(target.rejected[10] == "id -7 is not positive")
    }

    @Test(arguments: [
        DomainError.unavailable(retryAfterSeconds: 1), .deadlineExceeded, .contention, .overloaded(retryAfterSeconds: 1),
    ])
    func `ends when it is useless to go on`(error: DomainError) async throws {
        target.refuse = { if $0.contains(502) { throw error } }
        await #expect(throws: error) { try await target.run(csv(1_500)) }
        #expect(target.written == Array(2...501))
        #expect(target.attempts == 2)
        #expect(target.rejected.isEmpty)
    }

    @Test func `ends when it is not known whether a batch was written`() async throws {
        target.refuse = { _ in throw CommitOutcomeUnknown() }
        await #expect(throws: CommitOutcomeUnknown.self) { try await target.run(csv(3)) }
        #expect(target.attempts == 1)
        #expect(target.rejected.isEmpty)
    }
}
