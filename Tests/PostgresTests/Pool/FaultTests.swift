import EventLoop
import Testing

@testable import Postgres

/// Many callers of one pool, who note what they were told.
private final class Callers {
    /// What a caller was told of its write.
    enum Word { case done, notDone, unknown }

    let pool: PostgresPool
    private let insert: SQL
    private(set) var words: [Int: Word] = [:]
    private(set) var reads = 0
    private(set) var wrong = 0
    private var running = 0
    private var isOver = false

    init(_ pool: PostgresPool, _ table: String) {
        self.pool = pool
        insert = SQL("INSERT INTO \(table) SELECT $1::bigint FROM pg_sleep($2::float)")
    }

    /// Little time, often too little.
    private var deadline: UInt64 { pool.loop.now + .random(in: 1...60) }
    private var pause: String { ["0", "0", "0", "0.002", "0.03"].randomElement()! }

    func start(_ caller: Int) {
        running += 1
        pool.loop.spawn { [self] in
            var number = caller * 1_000_000
            while !isOver {
                number += 1
                switch caller % 3 {
                case 0: await read(number)
                case 1: words[number] = await write(number)
                default: words[number] = await transact(number)
                }
                // While the server is away callers fail at once, and who asks again at once would never end the turn.
                await pool.loop.sleep(milliseconds: 1)
            }
            running -= 1
        }
    }

    func finish() async throws {
        isOver = true
        try await pool.loop.wait { running == 0 }
    }

    var sawEverything: Bool { reads > 0 && [.done, .notDone, .unknown].allSatisfy { !all($0).isEmpty } }

    func all(_ word: Word) -> Set<Int> { Set(words.filter { $0.value == word }.keys) }

    private func read(_ number: Int) async {
        let statement = Statement("SELECT $1::bigint FROM pg_sleep($2::float)", [String(number), pause])
        let deadline = pool.loop.now + .random(in: 1...300)
        guard let result = try? await pool.run(statement, deadline: deadline, access: .readOnly) else { return }
        reads += 1
        if result.int64(0, 0) != Int64(number) { wrong += 1 }
    }

    private func write(_ number: Int) async -> Word {
        do throws(PostgresError) {
            _ = try await pool.run(Statement(insert, [String(number), pause]), deadline: deadline)
            return .done
        } catch {
            return error.mayHaveCommitted ? .unknown : .notDone
        }
    }

    private func transact(_ number: Int) async -> Word {
        do throws(TransactionFailure) {
            try await pool.transaction(deadline: deadline) { transaction in
                _ = try await transaction.run(Statement(insert, [String(number), "0"]))
                if number % 7 == 0 { _ = try await transaction.run(Statement("SELECT 1 / 0")) }
                _ = try await transaction.run(Statement("SELECT pg_sleep($1::float)", [pause]))
            }
            return .done
        } catch {
            return if case .outcomeUnknown = error { .unknown } else { .notDone }
        }
    }
}

@Suite struct `Under faults of all kinds` {
    @Test func `what callers are told is true`() async throws {
        let table = "faults_\(UInt64.random(in: 0 ... .max))"
        try await TestDatabase.withConnection { observer in
            let loop = observer.loop
            try await observer.simpleQuery("CREATE TABLE \(table) (id bigint PRIMARY KEY)")
            let proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
            let pool = PostgresPool(try proxy.configuration(), on: loop)
            let callers = Callers(pool, table)
            for caller in 0..<24 { callers.start(caller) }

            var round = 0
            // On a busy machine it takes longer until something of everything has happened.
            while round < 25 || (round < 1_000 && !callers.sawEverything) {
                round += 1
                await loop.sleep(milliseconds: 50)
                if round % 5 == 0 {
                    proxy.cut()
                } else if let victim = pool.busy.randomElement() {
                    let terminate = Statement("SELECT pg_terminate_backend($1::int)", [String(victim.serverProcess)])
                    _ = try await observer.run(terminate)
                }
            }
            try await callers.finish()
            await pool.close()
            proxy.close()

            let rows = try await observer.run(Statement(SQL("SELECT id FROM \(table)")))
            let present = Set((0..<rows.rows).map { Int(rows.int64($0, 0)!) })
            try await observer.simpleQuery("DROP TABLE \(table)")
            let (done, notDone) = (callers.all(.done), callers.all(.notDone))
            #expect(done.subtracting(present) == [], "they were told that it happened, and it did not")
            #expect(notDone.intersection(present) == [], "they were told that it did not happen, and it did")
            #expect(callers.wrong == 0, "they were given somebody else's answer")
            #expect(callers.sawEverything)
            #expect(pool.statistics.open == 0)
        }
    }
}
