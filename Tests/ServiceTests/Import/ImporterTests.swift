import Model
import Testing

@testable import Service

@Suite struct `An import` {
    /// A row with an id and a number.
    private struct Row: Record {
        var number: Int64 = 0
        static let fields: [Field<Row>] = [Field("number", \.number, .range(0...1_000_000), .unique)]
    }

    /// A store that refuses batches with certain rows, and says what it was asked for.
    private final class Target {
        var refuse: ([Int64]) throws -> Void = { _ in }
        private(set) var batches: [[Int64]] = []
        private(set) var attempts = 0
        private(set) var rejected: [Int: String] = [:]
        private(set) var progress: [(bytes: Int, rows: Int)] = []
        /// The ids of the rows that hold a number.
        var holders: (Int64) -> [Value] = { _ in [] }

        /// All that was written, in order.
        var written: [Int64] { batches.flatMap(\.self) }

        func run(_ csv: String) async throws -> (imported: Int, rejected: Int) {
            var reader = CSVReader(Array(csv.utf8))
            let first = try reader.next()
            let header = try #require(first).fields.get()
            let importer = Importer(
                try ImportPlan(ImportTarget(Row.self), header: header, map: [:]), unique: [0],
                into: .init(
                    write: { [self] rows in
                        attempts += 1
                        let numbers = rows.map { Int64($0.values[0])! }
                        try refuse(numbers)
                        batches.append(numbers)
                    },
                    holders: { [self] in holders(Int64($0[0])!) }, reason: Importing.refusal,
                    reject: { [self] line, reason in
                        #expect(rejected[line] == nil, "line \(line) is reported twice")
                        rejected[line] = reason
                    },
                    progress: { [self] in progress.append(($0, $1)) }))
            try await importer.run { try reader.nextLot() }
            return (importer.counts.imported, importer.counts.rejected)
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
        #expect(target.progress.last?.bytes == csv(1_203).utf8.count)
        #expect(target.progress.map(\.bytes) == target.progress.map(\.bytes).sorted())
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
        DomainError.unavailable(retryAfterSeconds: 1), .deadlineExceeded, .overloaded(retryAfterSeconds: 1),
    ])
    func `ends when it is useless to go on`(error: DomainError) async throws {
        target.refuse = { if $0.contains(502) { throw error } }
        await #expect(throws: error) { try await target.run(csv(1_500)) }
        #expect(target.written == Array(2...501))
        #expect(target.attempts == 2)
        #expect(target.rejected.isEmpty)
    }

    @Test func `writes a batch again that transactions of others were in the way of`() async throws {
        let target = target
        target.refuse = { if $0.contains(502), target.attempts < 6 { throw DomainError.contention } }
        #expect(try await target.run(csv(1_500)).imported == 1_500)
        #expect(target.written == Array(2...1_501))
    }

    @Test func `ends when others are in its way again and again`() async throws {
        target.refuse = { if $0.contains(502) { throw DomainError.contention } }
        await #expect(throws: DomainError.contention) { try await target.run(csv(1_500)) }
        #expect(target.written == Array(2...501))
        #expect(target.attempts == 6)
        #expect(target.rejected.isEmpty)
    }

    @Test func `ends when it is not known whether a batch was written`() async throws {
        target.refuse = { _ in throw CommitOutcomeUnknown() }
        await #expect(throws: CommitOutcomeUnknown.self) { try await target.run(csv(3)) }
        #expect(target.attempts == 1)
        #expect(target.rejected.isEmpty)
    }

    @Test func `counts each line that a missing quote has swallowed`() async throws {
        let (imported, rejected) = try await target.run("id,number\n1,1\n2,\"2\n3,3\n4,4\n")
        #expect(imported == 1)
        #expect(rejected == 3)
        #expect(target.rejected == [3: "the quote that opens on line 3 is never closed; lines 3 to 5 were passed over"])
    }

    @Test func `reports a row that the declaration would take and the store does not`() async throws {
        target.refuse = { if $0.contains(3) { throw DomainError.invalid([FieldProblem(field: "number", "is odd")]) } }
        #expect(try await target.run(csv(3)).imported == 2)
        #expect(target.rejected == [3: "number is odd"])
    }

    /// Rows of a store, some of which a file changes. No two have the same number.
    private final class Numbers {
        var rows: [Int64: Int64]
        init(_ rows: [Int64: Int64]) { self.rows = rows }

        /// As a unit of work: what has to be unique is so at its end.
        func write(_ changes: [(id: Int64, number: Int64)]) throws {
            var rows = rows
            for (id, number) in changes { rows[id] = number }
            guard Set(rows.values).count == rows.count else { throw DomainError.duplicate(field: "number") }
            self.rows = rows
        }
    }

    private func run(_ csv: String, into numbers: Numbers) async throws -> [Int: String] {
        var rejected: [Int: String] = [:]
        var reader = CSVReader(Array(csv.utf8))
        _ = try reader.next()
        let importer = Importer(
            try ImportPlan(ImportTarget(Row.self), header: ["id", "number"], map: [:]), unique: [0],
            into: .init(
                write: { rows in try numbers.write(rows.map { (Int64($0.id)!, Int64($0.values[0])!) }) },
                holders: { values in numbers.rows.filter { .integer($0.value) == values[0] }.map { .integer($0.key) } },
                reason: Importing.refusal, reject: { rejected[$0] = $1 }, progress: { _, _ in }))
        try await importer.run { try reader.nextLot() }
        #expect(importer.counts.rejected == rejected.count)
        return rejected
    }

    @Test(
        arguments: [
            // Two that exchange theirs; a circle of three; a chain whose last row makes room; one that takes what a later row gives up.
            ("1,20\n2,10\n", [1: 20, 2: 10, 3: 30], [:]), ("1,20\n2,30\n3,10\n", [1: 20, 2: 30, 3: 10], [:]),
            ("1,20\n2,30\n3,40\n", [1: 20, 2: 30, 3: 40], [:]), ("4,10\n1,50\n", [1: 50, 2: 20, 3: 30, 4: 10], [:]),
            // What a row outside of the file has, and what an earlier row of the file has taken, stays theirs.
            ("1,30\n", [1: 10, 2: 20, 3: 30], [2: "another row has the same number"]),
            ("1,20\n2,10\n4,10\n", [1: 20, 2: 10, 3: 30], [4: "another row has the same number"]),
            (
                "1,20\n2,10\n4,30\n5,30\n", [1: 20, 2: 10, 3: 30],
                [4: "another row has the same number", 5: "another row has the same number"]
            ),
        ] as [(String, [Int64: Int64], [Int: String])])
    func `lets rows exchange what has to be unique`(csv: String, after: [Int64: Int64], rejected: [Int: String]) async throws {
        let numbers = Numbers([1: 10, 2: 20, 3: 30])
        #expect(try await run("id,number\n" + csv, into: numbers) == rejected)
        #expect(numbers.rows == after)
    }

    @Test(arguments: 0..<50) func `brings any rows into any other order`(_: Int) async throws {
        let count = Int64.random(in: 1...40)
        let numbers = Numbers(Dictionary(uniqueKeysWithValues: (1...count).map { ($0, $0) }))
        let wanted = Dictionary(uniqueKeysWithValues: zip(1...count, (1...count).shuffled()))
        let csv = "id,number\n" + wanted.map { "\($0.key),\($0.value)\n" }.joined()
        #expect(try await run(csv, into: numbers) == [:])
        #expect(numbers.rows == wanted)
    }
}
