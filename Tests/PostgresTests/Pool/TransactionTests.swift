import EventLoop
import LarderTesting
import Testing

@testable import Postgres

private struct Mistake: Error {}

/// A pool by way of a proxy, and a table of its own.
private final class Workshop {
    let loop: Loop
    let proxy: Proxy
    let pool: PostgresPool
    let table: String
    private let schema = "test_\(UInt64.random(in: 0 ... .max))"

    init(_ loop: Loop, _ limits: PoolLimits, _ adjust: (inout PostgresConfiguration) -> Void) async throws {
        self.loop = loop
        proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
        var configuration = try proxy.configuration()
        adjust(&configuration)
        pool = PostgresPool(configuration, on: loop, limits: limits)
        table = "\(schema).t"
        try await script("CREATE SCHEMA \(schema); CREATE TABLE \(table) (a int)")
    }

    /// Not by way of the proxy.
    func script(_ text: String) async throws {
        let connection = try await PostgresConnection.connect(TestDatabase.configuration(), on: loop)
        defer { connection.close() }
        try await connection.simpleQuery(text)
    }

    func insert(_ value: Int) -> Statement { Statement(SQL("INSERT INTO \(table) VALUES ($1)"), [String(value)]) }

    /// Expects these rows to be in the table.
    func expect(_ expected: [Int64], sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let connection = try await PostgresConnection.connect(TestDatabase.configuration(), on: loop)
        defer { connection.close() }
        let result = try await connection.run(Statement(SQL("SELECT a FROM \(table) ORDER BY a")))
        #expect((0..<result.rows).map { result.int64($0, 0)! } == expected, sourceLocation: sourceLocation)
    }

    func transaction<Value>(
        deadline: UInt64 = 5_000, _ body: (PostgresTransaction) async throws -> Value
    ) async -> Result<Value, TransactionFailure> {
        do throws(TransactionFailure) {
            return .success(try await pool.transaction(deadline: loop.now + deadline, body))
        } catch {
            return .failure(error)
        }
    }

    static func run(
        _ limits: PoolLimits = PoolLimits(), adjust: @escaping @Sendable (inout PostgresConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (Workshop) async throws -> Void
    ) async throws {
        try await onLoop { loop in
            let workshop = try await Workshop(loop, limits, adjust)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(workshop)) } catch { outcome = .failure(error) }
            await workshop.pool.close(within: 500)
            workshop.proxy.close()
            try await workshop.script("DROP SCHEMA \(workshop.schema) CASCADE")
            try outcome.get()
        }
    }
}

extension Result where Failure == TransactionFailure {
    /// What a committed transaction returned.
    fileprivate var value: Success? { try? get() }
    /// The error for which it was rolled back for certain.
    fileprivate var rolledBack: (any Error)? {
        if case .failure(.rolledBack(let error)) = self { error } else { nil }
    }
    /// The error for which nobody knows.
    fileprivate var unknown: PostgresError? {
        if case .failure(.outcomeUnknown(let error)) = self { error } else { nil }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func contains(_ text: String) -> Bool {
        String(decoding: self, as: UTF8.self).contains(text)
    }
}

@Suite struct `A transaction` {
    @Test func `is committed when its body returns`() async throws {
        try await Workshop.run { shop in
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run(shop.insert(1))
                return try await transaction.run([shop.insert(2), Statement("SELECT 'value'")])[1].string(0, 0)
            }
            #expect(outcome.value == "value")
            try await shop.expect([1, 2])
            // BEGIN, its settings and the first statement leave together.
            #expect(shop.pool.statistics.pipelines == 3)
        }
    }

    @Test func `is rolled back when its body throws`() async throws {
        try await Workshop.run(PoolLimits(size: 1)) { shop in
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run(shop.insert(1))
                throw Mistake()
            }
            #expect(outcome.rolledBack is Mistake)
            let next = await shop.transaction { try await $0.run(shop.insert(2)).affectedRows }
            #expect(next.value == 1)
            try await shop.expect([2])
            #expect(shop.pool.statistics.opened == 1)
        }
    }

    @Test func `that runs nothing sends nothing`() async throws {
        try await Workshop.run { shop in
            let outcome = await shop.transaction { _ in 7 }
            #expect(outcome.value == 7)
            #expect(shop.pool.statistics.pipelines == 0)
        }
    }

    @Test func `that failed is rolled back even if its body does not mind`() async throws {
        try await Workshop.run { shop in
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run(shop.insert(1))
                _ = try? await transaction.run(Statement("SELECT 1 / 0"))
            }
            #expect((outcome.rolledBack as? PostgresError)?.sqlState == "22012")
            try await shop.expect([])
        }
    }

    @Test func `may recover by a savepoint`() async throws {
        try await Workshop.run { shop in
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run([shop.insert(1), Statement("SAVEPOINT here")])
                _ = try? await transaction.run(Statement("SELECT 1 / 0"))
                _ = try await transaction.run([Statement("ROLLBACK TO here"), shop.insert(2)])
            }
            #expect(outcome.value != nil)
            try await shop.expect([1, 2])
        }
    }

    @Test func `has the limits of writes, and leaves the session those of reads`() async throws {
        try await Workshop.run(PoolLimits(size: 1)) { shop in
            let show = Statement(
                """
                SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), \
                current_setting('transaction_isolation'), current_setting('transaction_read_only')
                """)
            let deadline = shop.loop.now + 5_000
            let inside = try await shop.pool.transaction(deadline: deadline, isolation: .serializable) {
                try await $0.run(show).texts
            }
            #expect(inside == [["2s", "2s", "serializable", "off"]])
            let outside = try await shop.pool.run(show, deadline: deadline)
            #expect(outside.texts == [["10s", "2s", "read committed", "off"]])
            let reading = try await shop.pool.transaction(deadline: deadline, access: .readOnly) {
                try await $0.run(show).texts
            }
            #expect(reading == [["10s", "2s", "read committed", "on"]])
        }
    }

    @Test func `is ended by the server when it does nothing for too long`() async throws {
        try await Workshop.run(adjust: { $0.writeTimeout = 300 }) { shop in
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run(shop.insert(1))
                await shop.loop.sleep(milliseconds: 1_000)
                _ = try await transaction.run(shop.insert(2))
            }
            let error = outcome.rolledBack as? PostgresError
            #expect(error?.kind == .connectionLost)
            #expect(error?.mayHaveCommitted == false)
            try await shop.expect([])
        }
    }

    @Test func `is rolled back for certain when its deadline passes before the end`() async throws {
        try await Workshop.run { shop in
            let outcome = await shop.transaction(deadline: 100) { transaction in
                _ = try await transaction.run(shop.insert(1))
                _ = try await transaction.run(Statement("SELECT pg_sleep(1)"))
            }
            let error = outcome.rolledBack as? PostgresError
            #expect(error?.kind == .deadlineExceeded)
            #expect(error?.mayHaveCommitted == false)

            let late = await shop.transaction(deadline: 100) { transaction in
                _ = try await transaction.run(shop.insert(2))
                await shop.loop.sleep(milliseconds: 150)
            }
            #expect((late.rolledBack as? PostgresError)?.kind == .deadlineExceeded)
            try await shop.expect([])
        }
    }

    /// Both, because each comes with an error of its own.
    enum Meddling: String, CaseIterable {
        case deallocation = "DEALLOCATE ALL"
        case change = "ALTER TABLE t ALTER b TYPE varchar(300)"
    }

    @Test(arguments: Meddling.allCases)
    func `is run once more when what was prepared for it is of no use any more`(_ meddling: Meddling) async throws {
        try await Workshop.run(PoolLimits(size: 1)) { shop in
            try await shop.script("ALTER TABLE \(shop.table) ADD b text")
            let insert = SQL.pinned("INSERT INTO \(shop.table) VALUES ($1, 'x') RETURNING a, b")
            let update = SQL.pinned("UPDATE \(shop.table) SET b = 'y' WHERE a = $1 RETURNING a, b")
            var attempts = 0
            func write(_ number: Int) async -> Result<[[String?]], TransactionFailure> {
                await shop.transaction { transaction in
                    attempts += 1
                    _ = try await transaction.run(Statement(insert, ["\(number)"]))
                    return try await transaction.run(Statement(update, ["\(number)"])).texts
                }
            }
            #expect(try await write(1).get() == [["1", "y"]])
            #expect(attempts == 1)
            switch meddling {
            case .change: try await shop.script(meddling.rawValue.replacing(" t ", with: " \(shop.table) "))
            case .deallocation:
                _ = try await shop.pool.withConnection(deadline: .max) { try await $0.simpleQuery(meddling.rawValue) }
            }
            // The first statement of it meets that, then the second; after that all is as before.
            for number in 2...5 { #expect(try await write(number).get() == [["\(number)", "y"]]) }
            #expect(attempts == 1 + 4 + 2)
            try await shop.expect([1, 2, 3, 4, 5])
        }
    }

    @Test func `is run once more, but not twice`() async throws {
        try await Workshop.run { shop in
            var attempts = 0
            let failing = Statement(.unprepared("DO $$ BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = '26000'; END $$"))
            let outcome = await shop.transaction { transaction in
                attempts += 1
                _ = try await transaction.run(shop.insert(1))
                _ = try await transaction.run(failing)
            }
            #expect((outcome.rolledBack as? PostgresError)?.sqlState == .invalidStatementName)
            #expect(attempts == 2)
            try await shop.expect([])
        }
    }

    @Test func `is run once more whatever its body made of the failure`() async throws {
        try await Workshop.run(PoolLimits(size: 1)) { shop in
            let insert = Statement(SQL.pinned("INSERT INTO \(shop.table) VALUES (7)"))
            func write() async -> Result<Void, TransactionFailure> {
                await shop.transaction { transaction in
                    do { _ = try await transaction.run(insert) } catch { throw Mistake() }
                }
            }
            try await write().get()
            _ = try await shop.pool.withConnection(deadline: .max) { try await $0.simpleQuery("DISCARD ALL") }
            try await write().get()
            try await shop.expect([7, 7])
        }
    }

    @Test func `can be done again after a serialization failure`() async throws {
        try await Workshop.run { shop in
            try await shop.script("INSERT INTO \(shop.table) VALUES (1)")
            let deadline = shop.loop.now + 5_000
            let update = Statement(SQL("UPDATE \(shop.table) SET a = a + 1"))
            do throws(TransactionFailure) {
                try await shop.pool.transaction(deadline: deadline, isolation: .repeatableRead) { transaction in
                    _ = try await transaction.run(Statement(SQL("SELECT a FROM \(shop.table)")))
                    try await shop.script(update.sql.text)
                    _ = try await transaction.run(update)
                }
                Issue.record("it was committed")
            } catch {
                guard case .rolledBack(let reason as PostgresError) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(reason.sqlState == .serializationFailure)
                #expect(reason.isRetriable)
            }
        }
    }
}

@Suite struct `The outcome of COMMIT` {
    @Test func `is a rollback when a deferred constraint objects`() async throws {
        try await Workshop.run { shop in
            try await shop.script("ALTER TABLE \(shop.table) ADD UNIQUE (a) DEFERRABLE INITIALLY DEFERRED")
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run([shop.insert(1), shop.insert(1)])
            }
            #expect((outcome.rolledBack as? PostgresError)?.sqlState == .uniqueViolation)
            try await shop.expect([])
        }
    }

    @Test func `is a rollback when the connection was lost before it was sent`() async throws {
        try await Workshop.run { shop in
            let outcome = await shop.transaction { transaction in
                _ = try await transaction.run(shop.insert(1))
                shop.proxy.cut()
                await shop.loop.sleep(milliseconds: 50)
            }
            let error = outcome.rolledBack as? PostgresError
            #expect(error?.kind == .connectionLost)
            #expect(error?.mayHaveCommitted == false)
            try await shop.expect([])
        }
    }

    @Test(arguments: [true, false])
    func `is unknown when the connection was lost after it was sent`(_ serverGotIt: Bool) async throws {
        try await Workshop.run { shop in
            shop.proxy.onRequest = { bytes in
                guard bytes.contains("COMMIT\0") else { return true }
                // The server gets it and its answer is lost, or it never gets it: from here they look the same.
                shop.proxy.isStalled = true
                if serverGotIt { shop.proxy.cutSoon(after: 100) }
                return serverGotIt
            }
            let outcome = await shop.transaction { transaction in _ = try await transaction.run(shop.insert(1)) }
            #expect(outcome.unknown?.kind == .connectionLost)
            #expect(outcome.unknown?.mayHaveCommitted == true)
            #expect(outcome.unknown?.isRetriable == false)
            try await shop.expect(serverGotIt ? [1] : [])
        }
    }

    @Test func `is unknown when the server's process was ended while it committed`() async throws {
        try await Workshop.run(adjust: { $0.writeTimeout = 20_000 }) { shop in
            try await shop.sleepAtCommit(seconds: 10)
            let process = Box<Int32>(0)
            shop.loop.spawn {
                try! await shop.loop.wait { process.value != 0 }
                await shop.loop.sleep(milliseconds: 300)
                try! await TestDatabase.terminate(process.value, on: shop.loop)
            }
            let outcome = await shop.transaction { transaction in
                let results = try await transaction.run([shop.insert(1), Statement("SELECT pg_backend_pid()")])
                process.value = Int32(results[1].int64(0, 0)!)
            }
            #expect(outcome.unknown?.sqlState == .adminShutdown)
        }
    }

    @Test func `is unknown when its deadline passed, and the connection is used again`() async throws {
        var limits = PoolLimits(size: 1)
        limits.commitPatience = 50
        try await Workshop.run(limits, adjust: { $0.writeTimeout = 20_000 }) { shop in
            try await shop.sleepAtCommit(seconds: 10)
            let outcome = await shop.transaction(deadline: 1_500) { transaction in
                _ = try await transaction.run(shop.insert(1))
            }
            #expect(outcome.unknown?.kind == .deadlineExceeded)
            let next = try await shop.pool.run(Statement("SELECT 1"), deadline: shop.loop.now + 5_000)
            #expect(next.int64(0, 0) == 1)
            #expect(shop.pool.statistics.opened == 1)
        }
    }

    @Test func `is waited for a while, even if the transaction's deadline passes`() async throws {
        var limits = PoolLimits()
        limits.commitPatience = 10_000
        try await Workshop.run(limits, adjust: { $0.writeTimeout = 20_000 }) { shop in
            try await shop.sleepAtCommit(seconds: 2)
            let outcome = await shop.transaction(deadline: 1_500) { transaction in
                _ = try await transaction.run(shop.insert(1))
            }
            #expect(outcome.value != nil)
            try await shop.expect([1])
        }
    }
}

extension Workshop {
    /// Makes each COMMIT take its time.
    fileprivate func sleepAtCommit(seconds: Double) async throws {
        try await script(
            """
            CREATE FUNCTION \(table)_slow() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN PERFORM pg_sleep(\(seconds)); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON \(table)
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION \(table)_slow();
            """)
    }
}
