import Testing

@testable import Migrator

/// A script and the statements that it has.
struct ScriptSample: Sendable, CustomTestStringConvertible {
    let name: String
    let script: String
    let statements: [String]
    var testDescription: String { name }

    init(_ name: String, _ script: String, _ statements: [String]) {
        self.name = name
        self.script = script
        self.statements = statements
    }

    /// A script that is one statement.
    init(_ name: String, _ script: String) { self.init(name, script, [script]) }

    static let all: [ScriptSample] = [
        .init("nothing", "", []),
        .init("space and comments", " \n-- a;\n/* b; /* c; */ d; */\n", []),
        .init("semicolons alone", ";; ;", []),
        .init("two statements", "SELECT 1; SELECT 2;", ["SELECT 1", "SELECT 2"]),
        .init("a last statement without semicolon", "SELECT 1;\nSELECT 2 -- the end", ["SELECT 1", "SELECT 2"]),
        .init("comments around and inside", "-- a\nSELECT /* ; */ 1 -- b;\n;", ["SELECT /* ; */ 1"]),
        .init("a comment at once behind a word", "SELECT 1--;\n, 2; X", ["SELECT 1--;\n, 2", "X"]),
        .init("strings", "SELECT ';', 'it''s;', 'a\\'; X", ["SELECT ';', 'it''s;', 'a\\'", "X"]),
        .init("quoted names", "SELECT \"a;\"\"b;\"; X", ["SELECT \"a;\"\"b;\"", "X"]),
        .init("a string with escapes", #"SELECT E'a\';''\\'; X"#, [#"SELECT E'a\';''\\'"#, "X"]),
        .init("escapes that go on on the next line", "SELECT e'a'\n -- b\n '\\';'; X", ["SELECT e'a'\n -- b\n '\\';'", "X"]),
        .init("no continuation on the same line", #"SELECT E'a' '\'; X"#, [#"SELECT E'a' '\'"#, "X"]),
        .init("a name that ends with e", #"SELECT name'\'; X"#, [#"SELECT name'\'"#, "X"]),
        .init("other prefixes of strings", #"SELECT U&'\', B'1', N'\'; X"#, [#"SELECT U&'\', B'1', N'\'"#, "X"]),
        .init("dollar quotes", "DO $$ BEGIN; ' END; $$; X", ["DO $$ BEGIN; ' END; $$", "X"]),
        .init("dollar quotes in others", "DO $a$ ;$b$;$$;$a $a$; X", ["DO $a$ ;$b$;$$;$a $a$", "X"]),
        .init("dollar signs in names", "SELECT a$b$, c$b$; X", ["SELECT a$b$, c$b$", "X"]),
        .init("parameters", "SELECT $1; X $1", ["SELECT $1", "X $1"]),
        .init("tags beyond ASCII", "DO $\u{e4}$;$\u{e4}$; X", ["DO $\u{e4}$;$\u{e4}$", "X"]),
        .init("operators", "SELECT 1-1, 4/2, 2*3; X", ["SELECT 1-1, 4/2, 2*3", "X"]),
        .init(
            "a rule with several actions", "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2); X",
            ["CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)", "X"]),
        .init(
            "a body of SQL", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END; X",
            ["CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE 1 WHEN 1 THEN 2 END; END", "X"]),
        .init(
            "a body of SQL, replaced", "create or replace procedure p() begin atomic select 1; end; X",
            ["create or replace procedure p() begin atomic select 1; end", "X"]),
        .init("CASE outside of a body", "SELECT CASE 1 WHEN 1 THEN 2 END; X", ["SELECT CASE 1 WHEN 1 THEN 2 END", "X"]),
        .init("a parenthesis too many", "SELECT 1); X", ["SELECT 1)", "X"]),
        .init("text beyond ASCII", "SELECT '\u{1F95A};'; X", ["SELECT '\u{1F95A};'", "X"]),
    ]
}

@Suite struct `The division of a script` {
    private func split(_ script: String) throws(ScriptProblem) -> [SQLStatement] {
        try SQLSplitter.statements(in: [UInt8](script.utf8), firstLine: 1)
    }

    @Test(arguments: ScriptSample.all) func `finds the statements`(_ sample: ScriptSample) throws {
        #expect(try split(sample.script).map(\.sql) == sample.statements)
    }

    @Test func `knows the line of each statement`() throws {
        let script = "-- a\n\nSELECT '\n';\n/*\n*/ SELECT\n2; SELECT $$\n$$;\nX"
        #expect(try split(script).map(\.line) == [3, 6, 7, 9])
    }

    @Test func `tells what a statement is`() throws {
        let statements = try split(
            "CREATE UNIQUE INDEX Concurrently i ON t (a); REINDEX (VERBOSE) TABLE t; SELECT 'concurrently'")
        #expect(statements.map(\.isConcurrent) == [true, false, false])
        #expect(statements[0].words == ["create", "unique", "index", "concurrently"])
        #expect(statements[1].words == ["reindex", "verbose", "table", "t"])
    }

    @Test(arguments: [
        ("BEGIN", "BEGIN"), ("begin isolation level serializable", "BEGIN"), ("START TRANSACTION", "START TRANSACTION"),
        ("COMMIT", "COMMIT"), ("END", "END"), ("ABORT", "ABORT"), ("ROLLBACK", "ROLLBACK"), ("ROLLBACK WORK", "ROLLBACK"),
        ("PREPARE TRANSACTION 'a'", "PREPARE TRANSACTION"), ("COMMIT PREPARED 'a'", "COMMIT"),
        ("ROLLBACK TO a", nil), ("ROLLBACK WORK TO SAVEPOINT a", nil), ("SAVEPOINT a", nil), ("PREPARE a AS SELECT 1", nil),
        ("SELECT 1", nil), ("'BEGIN'", nil), ("DO $$BEGIN END$$", nil),
    ])
    func `knows what begins and ends transactions`(_ sql: String, _ word: String?) throws {
        #expect(try split(sql).map(\.transactionControl) == [word])
    }

    @Test(arguments: [
        ("SELECT 1;\nSELECT 'a;\n", 2, "the string that begins here does not end; close it"),
        ("SELECT 1;\n\nSELECT E'a\\'", 3, "the string that begins here does not end; close it"),
        ("SELECT \"a", 1, "the quoted name that begins here does not end; close it"),
        ("\n/* /* */ SELECT 1;", 2, "the comment that begins here does not end; close it"),
        ("DO $a$\n$b$;", 1, "the string $a$ that begins here does not end; close it"),
        ("SELECT\n(1;\nX;", 2, "the parenthesis that opens here is not closed; close it"),
    ])
    func `refuses what does not end`(_ script: String, _ line: Int, _ reason: String) {
        #expect(throws: ScriptProblem(line: line, reason: reason)) { try split(script) }
    }

    @Test(arguments: [
        (
            "\\restrict aBc\nSELECT 1", 1, "restrict",
            "pg_dump writes \\restrict and \\unrestrict for psql alone, so take both lines out"
        ),
        ("SELECT 1;\n\n\\i other.sql", 3, "i", "put the statements of that file in its place"),
        ("\\ir other.sql\n", 1, "ir", "put the statements of that file in its place"),
        ("SELECT 1;\n\\copy t from 't.csv'", 2, "copy", "write the rows as INSERT, or load them by `larder import`"),
        ("\\connect other", 1, "connect", "a migration runs in the database of DATABASE_URL, so take it out"),
        ("SELECT 1 AS a \\gset\n", 1, "gset", "there are no variables, so write their values"),
        ("SELECT 1 \\; SELECT 2;", 1, "", "take it out"), ("\\echo 'never\n", 1, "echo", "take it out"),
        ("SELECT 1\\g\n", 1, "g", "take it out"), ("\\", 1, "", "take it out"),
    ])
    func `refuses commands of psql`(_ script: String, _ line: Int, _ name: String, _ advice: String) {
        let reason = "\\\(name) is a command of psql and no SQL; \(advice)"
        #expect(throws: ScriptProblem(line: line, reason: reason)) { try split(script) }
    }

    @Test func `takes backslashes in quotes and comments for what they are`() throws {
        let script = "SELECT '\\i a', \"\\i\", $$\\i$$, E'\\\\i'; -- \\i\n/* \\restrict */ X"
        #expect(try split(script).count == 2)
    }

    @Test(arguments: [
        ("X;\nCOPY t (a, b) FROM stdin;\n1\tit's\n\\.\n", 2), ("copy public.t from STDIN with (format csv);\na,\"b\n", 1),
        ("COPY \"stdin\" FROM stdin", 1), ("\n\nCOPY t\nFROM\nSTDIN", 3),
    ])
    func `refuses rows that psql would send, before it reads them`(_ script: String, _ line: Int) {
        let reason =
            "COPY ... FROM STDIN takes its rows from a client, and a migration has none; write them as INSERT, as "
            + "`pg_dump --inserts` does, or load them by `larder import`"
        #expect(throws: ScriptProblem(line: line, reason: reason)) { try split(script) }
    }

    @Test func `refuses rows that nobody would take`() {
        let reason = "COPY ... TO STDOUT has no client to send its rows to; take it out"
        #expect(throws: ScriptProblem(line: 1, reason: reason)) { try split("COPY (SELECT a FROM stdin) TO stdout") }
    }

    @Test(arguments: [
        "COPY t FROM '/data/t.csv'", "COPY stdin FROM PROGRAM 'x'", "SELECT a FROM stdin", "COPY t (\"from\", stdin) FROM 'x'",
    ])
    func `takes other copies`(_ script: String) throws {
        #expect(try split(script).count == 1)
    }

    @Test(arguments: [
        ("CREATE DATABASE a", "CREATE DATABASE"), ("drop database if exists a", "DROP DATABASE"), ("VACUUM", "VACUUM"),
        ("VACUUM (ANALYZE) t", "VACUUM"), ("ALTER SYSTEM SET a = 1", "ALTER SYSTEM"),
        ("CREATE TABLESPACE a LOCATION ''", "CREATE TABLESPACE"),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY"),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX CONCURRENTLY"),
        ("DROP INDEX CONCURRENTLY i", "DROP INDEX CONCURRENTLY"), ("REINDEX TABLE CONCURRENTLY t", "REINDEX CONCURRENTLY"),
        ("REINDEX DATABASE a", "REINDEX DATABASE"),
        ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", "DETACH PARTITION CONCURRENTLY"),
        ("CLUSTER", "CLUSTER without a table"), ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", "CREATE SUBSCRIPTION"),
        ("CLUSTER t", nil), ("REINDEX TABLE t", nil), ("CREATE INDEX i ON t (a)", nil),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY v", nil),
        ("CREATE TABLE vacuum (a int)", nil), ("ANALYZE t", nil), ("DO $$ BEGIN EXECUTE 'VACUUM'; END $$", nil),
        ("CREATE UNIQUE INDEX i ON t (a)", nil),
    ])
    func `knows what PostgreSQL refuses in a transaction`(_ sql: String, _ what: String?) throws {
        #expect(try split(sql).map(\.refusedInTransactions) == [what])
    }
}
