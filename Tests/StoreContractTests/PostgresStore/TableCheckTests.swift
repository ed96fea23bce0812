import Domain
import EventLoop
import LarderTesting
import Model
import Postgres
import Testing

@testable import PostgresStore

@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `A check of the tables` {
    /// Shows what is found after `change`, a script on the tables of the migrations.
    private func check(after change: String, _ expect: @escaping @Sendable ([String]) -> Void) async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.domain, on: loop) { pool, _ in
                for statement in change.split(separator: ";") {
                    _ = try await pool.run(Statement(.unprepared(String(statement))), deadline: loop.now + 10_000)
                }
                expect(
                    try await TableCheck(declarations.schemas).problems { statement throws(PostgresError) in
                        try await pool.run(statement, deadline: loop.now + 10_000, access: .readOnly)
                    })
            }
        }
    }

    @Test func `doubts what a constraint was not looked at for, and nothing else`() async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.domain, on: loop) { pool, _ in
                func doubts() async throws -> [String] {
                    try await TableCheck(declarations.schemas).doubts { statement throws(PostgresError) in
                        try await pool.run(statement, deadline: loop.now + 10_000, access: .readOnly)
                    }
                }
                #expect(try await doubts() == [])
                for change in [
                    "ALTER TABLE order_lines ADD CONSTRAINT few CHECK (quantity < 9) NOT VALID",
                    "CREATE TABLE others (a int)", "ALTER TABLE others ADD CHECK (a > 1) NOT VALID",
                ] {
                    _ = try await pool.run(Statement(.unprepared(change)), deadline: loop.now + 10_000)
                }
                #expect(
                    try await doubts() == [
                        "rows of table order_lines may break the constraint few, and cannot be updated then: "
                            + "mend or delete them, and run ALTER TABLE order_lines VALIDATE CONSTRAINT few"
                    ])
            }
        }
    }

    @Test func `finds nothing in what the migrations make`() async throws {
        try await check(after: "") { #expect($0 == []) }
    }

    @Test(arguments: [
        ("ALTER TABLE categories DROP COLUMN name", "column name of table categories is missing"),
        ("ALTER TABLE products RENAME COLUMN price TO cost", "column price of table products is missing"),
        ("ALTER TABLE order_lines DROP COLUMN quantity", "column quantity of table order_lines is missing"),
        ("DROP TABLE comments", "table comments is missing"),
        (
            "ALTER TABLE products ALTER price TYPE bigint",
            "column price of table products is of type bigint, but numeric is declared"
        ),
        (
            "ALTER TABLE articles DROP CONSTRAINT articles_title_check, ALTER title TYPE bytea USING ''",
            "column title of table articles is of type bytea, but text is declared"
        ),
        (
            "ALTER TABLE deployments ALTER started_at TYPE timestamp",
            "column started_at of table deployments is of type timestamp without time zone, but timestamptz is declared"
        ),
        (
            "ALTER TABLE customers ALTER phone SET NOT NULL",
            "column phone of table customers must not be null, but it is declared that it may be"
        ),
        (
            "ALTER TABLE users ADD nick text NOT NULL",
            "column nick of table users must not be null, and no declared field gives it a value"
        ),
        (
            "ALTER TABLE users ALTER version DROP DEFAULT",
            "column version of table users has no default, but the database has to give its value"
        ),
        (
            "ALTER TABLE categories ALTER id DROP IDENTITY",
            "column id of table categories has no default, but the database has to give its value"
        ),
    ])
    func `names the table, the column and what is wrong`(change: String, problem: String) async throws {
        try await check(after: change) { found in
            // A column with another name is one too many as well.
            let others =
                change.contains("RENAME")
                ? ["column cost of table products must not be null, and no declared field gives it a value"] : []
            #expect(found == [problem] + others)
        }
    }

    @Test func `takes what can work`() async throws {
        let change = """
            ALTER TABLE categories ALTER name TYPE varchar(300);
            ALTER TABLE products ALTER stock TYPE int, ALTER price TYPE numeric(20, 4), ADD note text, ALTER title DROP NOT NULL;
            ALTER TABLE users ADD nick text NOT NULL DEFAULT '', ADD number bigint GENERATED ALWAYS AS IDENTITY;
            CREATE DOMAIN mail AS text CHECK (value LIKE '%@%');
            ALTER TABLE users ALTER email TYPE mail
            """
        try await check(after: change) { #expect($0 == []) }
    }
}
