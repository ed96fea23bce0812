import Testing

@testable import Migrator

/// A file that breaks a rule, and what is said about it.
struct BadFile: Sendable, CustomTestStringConvertible {
    let fileName: String
    let content: String
    let sentence: String
    var testDescription: String { sentence }

    static func name(_ fileName: String, _ reason: String) -> BadFile {
        BadFile(fileName: fileName, content: "-- migrate:up\nSELECT 1;", sentence: "\(fileName): \(reason)")
    }

    static func content(_ content: String, _ place: String, _ reason: String) -> BadFile {
        BadFile(fileName: "0003_a.sql", content: content, sentence: "\(place): \(reason)")
    }

    private static let unnumbered = [
        "a.sql", "003_a.sql", "00003_a.sql", "0003a.sql", "0003-a.sql", "0003.sql", "+003_a.sql", ".#0003_a.sql", "0003_a.SQL",
    ]
    static let names: [BadFile] =
        unnumbered.map {
            .name($0, "not the name of a migration; call it NNNN_name.sql with four digits, as in 0001_users.sql")
        } + [
            .name("0000_a.sql", "numbers begin with 0001; rename it"),
            .name("0003_.sql", "the name behind the number is empty; say what the migration does, as in add_users"),
            .name(
                "0003_Add-users.sql",
                "the name \"Add-users\" may only have lower-case letters, digits and underscores, as in add_users"),
            .name(
                "0003_\(String(repeating: "a", count: 101)).sql", "the name may have at most 100 characters; shorten it"),
        ]

    private static let noUpPart = "there is no up part; write `-- migrate:up` on a line above the statements"
    private static let empty = "the part has no statement; write one, or leave a down part out that there is no way to write"
    private static let notAMarker =
        "not understood as a marker; write `-- migrate:up` or `-- migrate:down` at the line's start"

    static let contents: [BadFile] = [
        .content("", "0003_a.sql", noUpPart),
        .content("SELECT 1;", "0003_a.sql", noUpPart),
        .content("-- migrate:down\nSELECT 1;", "0003_a.sql", noUpPart),
        .content("-- migrate:up\n-- later\n;", "0003_a.sql:1", empty),
        .content("-- migrate:up\nSELECT 1;\n-- migrate:down\n", "0003_a.sql:3", empty),
        .content(
            "-- migrate:up\nX;\n-- migrate:up\nX;", "0003_a.sql:3",
            "there is a second up part; put its statements into the first"),
        .content(
            "-- migrate:up\nX;\n-- migrate:down\nX;\n-- migrate:down\nX;", "0003_a.sql:5",
            "there is a second down part; put its statements into the first"),
        .content(
            "-- migrate:down\nX;\n-- migrate:up\nX;", "0003_a.sql:3", "the up part stands below the down part; put it first"),
        .content("-- migrate:up\nX;\n-- migrate:dwon\nX;", "0003_a.sql:3", notAMarker),
        .content("--migrate:up\nX;", "0003_a.sql:1", notAMarker),
        .content("\n -- migrate:up\nX;", "0003_a.sql:2", notAMarker),
        .content("-- Migrate: up\nX;", "0003_a.sql:1", notAMarker),
        .content(
            "-- migrate:up transaction:no\nX;", "0003_a.sql:1",
            "there is no option \"transaction:no\"; the only one is `transaction:false`"),
        .content(
            "-- migrate:up once\nX;", "0003_a.sql:1", "there is no option \"once\"; the only one is `transaction:false`"),
        .content(
            "-- migrate:up transaction:false transaction:false\nX;", "0003_a.sql:1", "an option is given twice; say it once"),
        .content(
            "-- migrate:up\nX;\n\nCOMMIT;", "0003_a.sql:4",
            """
            COMMIT does not belong into a migration, which runs in a transaction of its own or, with `transaction:false`, \
            in none; take it out
            """),
        .content(
            "-- migrate:up\nX;\nCREATE INDEX\n CONCURRENTLY i ON t (a);", "0003_a.sql:3",
            "CREATE INDEX CONCURRENTLY cannot run in a transaction; give it a migration of its own, with "
                + "`-- migrate:up transaction:false`"),
        .content(
            "-- migrate:up\nX;\n-- migrate:down\n\nVACUUM t;", "0003_a.sql:5",
            "VACUUM cannot run in a transaction; give it a migration of its own, with `-- migrate:down transaction:false`"),
        .content(
            "-- migrate:up\n\\restrict x\nX;", "0003_a.sql:2",
            "\\restrict is a command of psql and no SQL; pg_dump writes \\restrict and \\unrestrict for psql alone, so take both "
                + "lines out"),
        .content(
            "-- migrate:up transaction:false\nX;\n\n-- y\nY;", "0003_a.sql:5",
            """
            a part with `transaction:false` has exactly one statement, so that an interruption leaves no doubt what ran; \
            move the others to migrations of their own
            """),
        .content(
            "-- migrate:up\nSELECT 'a;\n", "0003_a.sql:2", "the string that begins here does not end; close it"),
        .content("-- migrate:up\n\n\u{0}", "0003_a.sql:3", "the line is not UTF-8 text; save the file as UTF-8"),
    ]
}

@Suite struct `A migration file` {
    private func parse(_ content: String, _ fileName: String = "0003_a.sql") throws -> MigrationFile {
        try MigrationFile(fileName: fileName, [UInt8](content.utf8))
    }

    @Test func `has a number, a name and two parts`() throws {
        let file = try parse("A comment\n-- migrate:up\nA;\nB;\n\n-- migrate:down\n-- c\nC;\n", "0042_add_users2.sql")
        #expect(file.version == 42)
        #expect(file.name == "add_users2")
        #expect(file.fileName == "0042_add_users2.sql")
        #expect(file.up.sql == "A;\nB;")
        #expect(file.up.isTransactional)
        #expect(file.up.statements.map(\.sql) == ["A", "B"])
        #expect(file.up.statements.map(\.line) == [3, 4])
        #expect(file.down?.sql == "-- c\nC;")
        #expect(file.down?.statements.map(\.line) == [8])
    }

    @Test func `needs no down part`() throws {
        #expect(try parse("-- migrate:up\nA").down == nil)
    }

    @Test func `takes options for each part`() throws {
        let file = try parse("-- migrate:up  transaction:true \nA\n-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY i")
        #expect(file.up.isTransactional)
        #expect(file.down?.isTransactional == false)
        #expect(file.down?.statements[0].isConcurrent == true)
    }

    @Test func `takes other comments for comments`() throws {
        let file = try parse("-- see migrate:up\n-- migrate up\n-- migrate:up\n-- to migrate:down is easy\nA; -- migrate:down")
        #expect(file.up.statements.map(\.sql) == ["A"])
        #expect(file.down == nil)
    }

    @Test func `may begin with a byte order mark and end its lines as on Windows`() throws {
        let file = try parse("\u{FEFF}-- migrate:up\r\nA;\r\n\r\nB;\r\n-- migrate:down\r\nC;\r\n")
        #expect(file.up.sql == "A;\n\nB;")
        #expect(file.up.statements.map(\.line) == [2, 4])
        #expect(file.down?.sql == "C;")
    }

    @Test func `has a checksum of its up part, whatever is around it`() throws {
        // The digest of `SELECT 1;`, as sha256sum prints it.
        let expected = "17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f07a63527d11a"
        for content in [
            "-- migrate:up\nSELECT 1;", "-- a\n\n-- migrate:up\n\n\tSELECT 1;\n\n-- migrate:down\nX;",
            "-- migrate:up\r\nSELECT 1;\r\n", "-- migrate:up transaction:false\nSELECT 1;\n",
        ] {
            #expect("\(try parse(content).checksum)" == expected, "\(content)")
        }
        #expect("\(try parse("-- migrate:up\nSELECT 2;").checksum)" != expected)
        #expect("\(try parse("-- migrate:up\n-- 1\nSELECT 1;").checksum)" != expected)
    }

    @Test(arguments: BadFile.names + BadFile.contents) func `is refused by name and line`(_ bad: BadFile) {
        let error = #expect(throws: MigrationFileProblem.self) { try parse(bad.content, bad.fileName) }
        #expect(error?.description == bad.sentence)
    }

    @Test func `has to be UTF-8`() {
        let error = #expect(throws: MigrationFileProblem.self) {
            try MigrationFile(fileName: "0001_a.sql", [UInt8]("-- migrate:up\nSELECT '".utf8) + [0xE4, 0x27])
        }
        #expect(error?.description == "0001_a.sql:2: the line is not UTF-8 text; save the file as UTF-8")
    }
}
