import EventLoop
import Testing

@testable import Postgres

@Suite struct `A pipeline` {
    @Test func `is one transaction`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int UNIQUE)")
            let insert = SQL("INSERT INTO \(schema).t VALUES ($1)")
            let error = await postgresError {
                try await connection.run([Statement(insert, ["1"]), Statement(insert, ["2"]), Statement(insert, ["1"])])
            }
            #expect(error?.sqlState == .uniqueViolation)
            #expect(error?.mayHaveCommitted == false)
            let count = try await connection.run(Statement(SQL("SELECT count(*) FROM \(schema).t")))
            #expect(count.int64(0, 0) == 0)
        }
    }

    @Test func `returns its results in order`() async throws {
        let values = try await TestDatabase.withConnection { connection in
            try await connection.run((1...50).map { Statement("SELECT $1::int", [String($0)]) }).map { $0.int64(0, 0)! }
        }
        #expect(values == Array(1...50))
    }

    @Test(arguments: [Access.readOnly, .readWrite])
    func `that fails leaves those before and after it alone`(_ access: Access) async throws {
        let outcomes = try await TestDatabase.withConnection { connection in
            let outcomes = Box([Int: String]())
            let finished = Box(0)
            for number in 0..<30 {
                connection.loop.spawn {
                    do {
                        let divide = Statement("SELECT 100 / $1::int", [String(number % 3)])
                        let results = try await connection.run(
                            [Statement("SELECT 1"), divide, Statement("SELECT 2")], access: access)
                        outcomes.value[number] = results.map { $0.string(0, 0)! }.joined(separator: ",")
                    } catch {
                        outcomes.value[number] = (error as! PostgresError).sqlState!.code
                    }
                    finished.value += 1
                }
            }
            try await connection.loop.wait { finished.value >= 30 }
            return outcomes.value
        }
        for number in 0..<30 {
            let expected = ["22012", "1,100,2", "1,50,2"][number % 3]
            #expect(outcomes[number] == expected, "run \(number)")
        }
    }

    @Test(arguments: [(Access.readOnly, 2), (.readWrite, 10)])
    func `is sent at the end of the turn, reads several under one sync`(_ access: Access, _ expected: Int) async throws {
        let (sentAtOnce, pipelines) = try await TestDatabase.withConnection { connection in
            var finished = 0
            for _ in 0..<10 {
                connection.loop.spawn {
                    _ = try! await connection.run(Statement("SELECT 1"), access: access)
                    finished += 1
                }
            }
            let sentAtOnce = connection.environment.counters.pipelines
            try await connection.loop.wait { finished >= 10 }
            return (sentAtOnce, connection.environment.counters.pipelines)
        }
        #expect(sentAtOnce == 0)
        #expect(pipelines == expected)
    }

    @Test func `happens once, even if it shares its sync with one that fails and wrote what it must not`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int)")
            let insert = Statement(SQL("INSERT INTO \(schema).t VALUES (1)"))
            let finished = Box(0)
            for statement in [insert, Statement("SELECT 1 / 0"), insert] {
                connection.loop.spawn {
                    _ = try? await connection.run(statement, access: .readOnly)
                    finished.value += 1
                }
            }
            try await connection.loop.wait { finished.value >= 3 }
            let count = try await connection.run(Statement(SQL("SELECT count(*) FROM \(schema).t")))
            #expect(count.int64(0, 0) == 2)
        }
    }

    @Test func `reports what a deferred constraint says at its end`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery(
                """
                CREATE TABLE \(schema).parent (id int PRIMARY KEY);
                CREATE TABLE \(schema).child (parent int REFERENCES \(schema).parent DEFERRABLE INITIALLY DEFERRED);
                """)
            let error = await postgresError {
                try await connection.run(Statement(SQL("INSERT INTO \(schema).child VALUES (7)")))
            }
            #expect(error?.sqlState == .foreignKeyViolation)
            let after = try await connection.run(Statement(SQL("SELECT count(*) FROM \(schema).child")))
            #expect(after.int64(0, 0) == 0)
        }
    }

    @Test func `that tries COPY ends the connection instead of hanging`() async throws {
        try await TestDatabase.withConnection { connection in
            let error = await postgresError { try await connection.run(Statement("COPY pg_class TO STDOUT")) }
            #expect(error?.kind == .connectionLost)
            #expect(!connection.isOpen)
        }
    }
}
