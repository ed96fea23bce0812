import Testing

@testable import Migrator

@Suite struct `A folder of migrations` {
    @Test func `gives its files in the order of their numbers, and leaves others alone`() throws {
        try TemporaryFolder.with { folder throws in
            folder.write("0010_b.sql", "-- migrate:up\nB;")
            folder.write("0002_a.sql", "-- migrate:up\nA;")
            folder.write("README.md", "text")
            folder.write("0003_old.sql.orig", "text")
            #expect(try MigrationFolder(folder.path).valid().map(\.fileName) == ["0002_a.sql", "0010_b.sql"])
        }
    }

    @Test func `says all that is wrong at once`() {
        let folder = folder([
            "0001_a.sql": "-- migrate:up\nA;", "0001_b.sql": "-- migrate:up\nA;", "0002_c.sql": "", "x.sql": "",
        ])
        let error = #expect(throws: MigrationError.self) { try folder.valid() }
        #expect(error?.kind == .files)
        #expect(
            error?.description == """
                0001_b.sql: has the same number as 0001_a.sql; give the newer one the next free number
                0002_c.sql: there is no up part; write `-- migrate:up` on a line above the statements
                x.sql: not the name of a migration; call it NNNN_name.sql with four digits, as in 0001_users.sql
                """)
    }

    @Test func `says which files cannot be read`() throws {
        try TemporaryFolder.with { folder throws in
            folder.link("0001_gone.sql", to: "/nowhere/a.sql")
            folder.link("0002_endless.sql", to: "/dev/zero")
            let error = #expect(throws: MigrationError.self) { try MigrationFolder(folder.path).valid() }
            #expect(
                error?.sentences == [
                    "0001_gone.sql: cannot be read: No such file or directory",
                    "0002_endless.sql: longer than 16777216 bytes; load such data by other means",
                ])
        }
    }

    @Test func `has to be there`() {
        let error = #expect(throws: MigrationError.self) { try MigrationFolder("/nowhere/migrations") }
        #expect(error?.kind == .usage)
        #expect(
            error?.description == "the folder of the migrations, /nowhere/migrations, cannot be read: No such file or directory; "
                + "name the right one in MIGRATIONS_DIR")
    }

    @Test func `may be empty`() throws {
        try TemporaryFolder.with { folder throws in
            #expect(try MigrationFolder(folder.path).valid().isEmpty)
        }
    }
}

@Suite struct `A new migration` {
    @Test func `gets the next number and both markers`() throws {
        try TemporaryFolder.with { folder throws in
            #expect(try MigrationFolder.create("first", in: folder.path) == "0001_first.sql")
            folder.write("0041_b.sql", "")
            folder.write("0042-misnamed.sql", "")
            #expect(try MigrationFolder.create("add_users", in: folder.path) == "0043_add_users.sql")
            let error = #expect(throws: MigrationError.self) { try MigrationFolder(folder.path).valid() }
            let sentences = error?.sentences ?? []
            // Not filled in, it cannot be applied by mistake.
            #expect(sentences.contains { $0.hasPrefix("0043_add_users.sql:3: the part has no statement") })
        }
    }

    @Test(arguments: ["", "Add users", "add-users", "../users", "\u{fc}ser"])
    func `has a name that files can have everywhere`(_ name: String) throws {
        try TemporaryFolder.with { folder in
            let error = #expect(throws: MigrationError.self) { try MigrationFolder.create(name, in: folder.path) }
            #expect(error?.kind == .usage)
            #expect(folder.names.isEmpty)
        }
    }

    @Test func `finds no number after 9999`() throws {
        try TemporaryFolder.with { folder in
            folder.write("9999_last.sql", "")
            let error = #expect(throws: MigrationError.self) { try MigrationFolder.create("more", in: folder.path) }
            #expect(error?.description == "the number 9999 is taken, and it is the last; renumber the files")
        }
    }

    @Test func `needs a folder`() {
        let error = #expect(throws: MigrationError.self) { try MigrationFolder.create("a", in: "/nowhere") }
        #expect(error?.kind == .usage)
    }
}

@Suite struct `A version` {
    @Test(arguments: [("7", 7), ("0007", 7), ("0", 0), ("9999", 9_999)])
    func `is a number of one to four digits`(_ text: String, _ number: Int) {
        #expect(MigrationVersion(text)?.number == number)
    }

    @Test(arguments: ["", "x", "-1", "+1", "00001", "1 ", "\u{661}"])
    func `is nothing else`(_ text: String) {
        #expect(MigrationVersion(text) == nil)
    }

    @Test func `is written with four digits`() {
        #expect("\(MigrationVersion(number: 7)) \(MigrationVersion.none) \(MigrationVersion.last)" == "0007 0000 9999")
    }
}
