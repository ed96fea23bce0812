import EventLoop
import LarderTesting
import Model
import Postgres
import TestDomain
import Testing

@testable import PostgresStore

@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `A check of the tables` {
    /// Shows what is found after `change`, a script on the tables as they are declared.
    private func check(after change: String, _ expect: @escaping @Sendable ([String]) -> Void) async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(testDeclarations), on: loop) { pool, _ in
                for statement in change.split(separator: ";") {
                    _ = try await pool.run(Statement(.unprepared(String(statement))), deadline: loop.now + 10_000)
                }
                expect(
                    try await TableCheck(testDeclarations.schemas).problems { statement throws(PostgresError) in
                        try await pool.run(statement, deadline: loop.now + 10_000, access: .readOnly)
                    })
            }
        }
    }

    @Test func `doubts what a constraint was not looked at for, and nothing else`() async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(testDeclarations), on: loop) { pool, _ in
                func doubts() async throws -> [String] {
                    try await TableCheck(testDeclarations.schemas).doubts { statement throws(PostgresError) in
                        try await pool.run(statement, deadline: loop.now + 10_000, access: .readOnly)
                    }
                }
                #expect(try await doubts() == [])
                for change in [
                    "ALTER TABLE excluded ADD CONSTRAINT few CHECK (quantity < 9) NOT VALID",
                    "CREATE TABLE others (a int)", "ALTER TABLE others ADD CHECK (a > 1) NOT VALID",
                ] {
                    _ = try await pool.run(Statement(.unprepared(change)), deadline: loop.now + 10_000)
                }
                #expect(
                    try await doubts() == [
                        "rows of table excluded may break the constraint few, and cannot be updated then: "
                            + "mend or delete them, and run ALTER TABLE excluded VALIDATE CONSTRAINT few"
                    ])
            }
        }
    }

    @Test func `finds nothing in what is made as declared`() async throws {
        try await check(after: "") { #expect($0 == []) }
    }

    @Test(arguments: [
        ("ALTER TABLE depots DROP COLUMN name", "column name of table depots is missing"),
        ("ALTER TABLE crates RENAME COLUMN price TO cost", "column price of table crates is missing"),
        ("ALTER TABLE excluded DROP COLUMN quantity", "column quantity of table excluded is missing"),
        ("DROP TABLE remarks", "table remarks is missing"),
        (
            "ALTER TABLE crates ALTER price TYPE bigint",
            "column price of table crates is of type bigint, but numeric is declared"
        ),
        (
            "ALTER TABLE reports DROP CONSTRAINT reports_title_check, ALTER title TYPE bytea USING ''",
            "column title of table reports is of type bytea, but text is declared"
        ),
        (
            "ALTER TABLE crates ALTER opened_at TYPE timestamp",
            "column opened_at of table crates is of type timestamp without time zone, but timestamptz is declared"
        ),
        (
            "ALTER TABLE carriers ALTER phone SET NOT NULL",
            "column phone of table carriers must not be null, but it is declared that it may be"
        ),
        (
            "ALTER TABLE carriers ADD nick text NOT NULL",
            "column nick of table carriers must not be null, and no declared field gives it a value"
        ),
        (
            "ALTER TABLE carriers ALTER version DROP DEFAULT",
            "column version of table carriers has no default, but the database has to give its value"
        ),
        (
            "ALTER TABLE depots ALTER id DROP IDENTITY",
            "column id of table depots has no default, but the database has to give its value"
        ),
    ])
    func `names the table, the column and what is wrong`(change: String, problem: String) async throws {
        try await check(after: change) { found in
            // A column with another name is one too many as well.
            let others =
                change.contains("RENAME")
                ? ["column cost of table crates must not be null, and no declared field gives it a value"] : []
            #expect(found == [problem] + others)
        }
    }

    @Test func `takes what can work`() async throws {
        let change = """
            ALTER TABLE depots ALTER name TYPE varchar(300);
            ALTER TABLE crates ALTER stock TYPE int, ALTER price TYPE numeric(20, 4), ADD remark text, ALTER label DROP NOT NULL;
            ALTER TABLE carriers ADD nick text NOT NULL DEFAULT '', ADD number bigint GENERATED ALWAYS AS IDENTITY;
            CREATE DOMAIN mail AS text CHECK (value LIKE '%@%');
            ALTER TABLE carriers ALTER email TYPE mail
            """
        try await check(after: change) { #expect($0 == []) }
    }
}
