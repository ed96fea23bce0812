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
}
