import Testing

@testable import Migrator
@testable import Postgres

@Suite struct `A migration that fails` {
    @Test func `is rolled back as a whole, with the place of the error`() async throws {
        try await TestDatabase.with { database async throws in
            var contents = tables(1, 3)
            contents["0002_bad.sql"] = """
                -- A comment.

                -- migrate:up
                CREATE TABLE a ();
                -- \u{1F95A}
                INSERT INTO t1
                SELECT '\u{1F95A}',
                    nothing;
                """
            let error = await migrationError { try await database.runner(contents).run(.up()) }
            #expect(error?.kind == .statementFailed)
            #expect(error?.sqlState == "42703")
            #expect(
                error?.sentences == [
                    "0002_bad.sql:8: column \"nothing\" does not exist (SQLSTATE 42703); the file was rolled back: correct it and "
                        + "run the command again"
                ])
            #expect(try await database.tables() == ["larder_migrations", "t1"])
            #expect(try await database.applied() == ["1 t1 finished"])
        }
    }

    @Test func `is placed by its statement where PostgreSQL names no place`() async throws {
        try await TestDatabase.with { database async throws in
            let content = "-- migrate:up\nCREATE TABLE a ();\n\nCREATE TABLE\n a ();"
            let error = await migrationError { try await database.runner(["0001_a.sql": content]).run(.up()) }
            #expect(error?.description.hasPrefix("0001_a.sql:4: relation \"a\" already exists (SQLSTATE 42P07); ") == true)
        }
    }

    @Test func `is told with PostgreSQL's details`() async throws {
        try await TestDatabase.with { database async throws in
            try await database.execute("CREATE TABLE a (b int); INSERT INTO a VALUES (1), (1)")
            let content = "-- migrate:up\nALTER TABLE a ADD UNIQUE (b);"
            let error = await migrationError { try await database.runner(["0001_a.sql": content]).run(.up()) }
            #expect(error?.description.contains("(SQLSTATE 23505): Key (b)=(1) is duplicated; the file") == true)
        }
    }

    @Test func `may fail at its end`() async throws {
        try await TestDatabase.with { database async throws in
            let content = """
                -- migrate:up
                CREATE TABLE a (b int UNIQUE DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO a VALUES (1), (1);
                """
            let error = await migrationError { try await database.runner(["0001_a.sql": content]).run(.up()) }
            #expect(error?.kind == .statementFailed)
            #expect(error?.description.hasPrefix("0001_a.sql: at its COMMIT: duplicate key") == true)
            #expect(try await database.tables() == ["larder_migrations"])
        }
    }

    @Test func `is told how to run what needs no transaction`() async throws {
        try await TestDatabase.with { database async throws in
            let content = "-- migrate:up\nCREATE TABLE a (b int);\nDISCARD ALL;"
            let error = await migrationError { try await database.runner(["0001_a.sql": content]).run(.up()) }
            #expect(error?.sqlState == "25001")
            #expect(
                error?.description
                    == "0001_a.sql:3: DISCARD ALL cannot run inside a transaction block (SQLSTATE 25001); "
                    + "the file was rolled back: give this statement a migration of its own, with `-- migrate:up transaction:false`"
            )
        }
    }

    @Test func `does not make others wait behind it`() async throws {
        try await TestDatabase.with { database async throws in
            try await database.execute("CREATE TABLE a ()")
            let content = "-- migrate:up\nALTER TABLE a ADD b int;"
            let error = try await database.during("LOCK TABLE a IN ACCESS SHARE MODE") {
                await migrationError { try await database.runner(["0001_a.sql": content]).run(.up()) }
            }
            #expect(error?.sqlState == .lockNotAvailable)
            #expect(
                error?.description
                    == "0001_a.sql:2: canceling statement due to lock timeout (SQLSTATE 55P03); the file was rolled "
                    + "back, because others held a lock for longer than 300 ms: run the command again when they are done")
            #expect(try await database.runner(["0001_a.sql": content]).run(.up()).summary == ["0001 up"])
        }
    }

    @Test func `may lose its connection`() async throws {
        try await TestDatabase.with { database async throws in
            let content = "-- migrate:up\nCREATE TABLE a ();\nSELECT pg_terminate_backend(pg_backend_pid());"
            let error = await migrationError { try await database.runner(["0001_a.sql": content]).run(.up()) }
            #expect(error?.kind == .database)
            #expect(
                error?.description
                    == "0001_a.sql:3: terminating connection due to administrator command (SQLSTATE 57P01); the server "
                    + "rolls the file back: run the command again")
            #expect(try await database.tables() == ["larder_migrations"])
        }
    }

    @Test func `lets no broken file pass`() async throws {
        try await TestDatabase.with { database async throws in
            var contents = tables(1)
            contents["0002_b.sql"] = "SELECT 1;"
            let runner = try database.runner(contents)
            for command in [MigrationCommand.up(to: 1), .down(), .redo, .baseline(1)] {
                #expect(await migrationError { try await runner.run(command) }?.kind == .files)
            }
            #expect(await migrationError { try await runner.status() }?.kind == .files)
            #expect(try await database.tables() == [])
        }
    }
}

@Suite struct `What a migration changes of its session` {
    @Test func `does not hinder the note of it, nor the next one`() async throws {
        try await TestDatabase.with { database async throws in
            let role = "role_\(UInt64.random(in: 0 ... .max))"
            try await database.execute("CREATE ROLE \(role); CREATE SCHEMA \(role) AUTHORIZATION \(role)")
            var contents = tables(2)
            contents["0001_dump.sql"] = """
                -- migrate:up
                SELECT pg_catalog.set_config('search_path', '', false);
                SET DateStyle = 'German';
                SET lock_timeout = 0;
                SET SESSION AUTHORIZATION \(role);
                CREATE TABLE \(role).a ();
                """
            try await database.runner(contents).run(.up())
            #expect(try await database.applied() == ["1 dump finished", "2 t2 finished"])
            #expect(try await database.tables() == ["larder_migrations", "t2"])
            try await database.execute("DROP OWNED BY \(role); DROP ROLE \(role)")
        }
    }

    @Test func `is not limited by the timeouts of the service`() async throws {
        try await TestDatabase.with { database async throws in
            let url = database.url + (database.url.contains("?") ? "&" : "?") + "options=-cstatement_timeout%3D1000"
            let content = "-- migrate:up\nSELECT pg_sleep(1.3);"
            let runner = try database.runner(["0001_a.sql": content], url: url)
            #expect(try await runner.run(.up()).summary == ["0001 up"])
        }
    }

    @Test func `goes where the search path leads`() async throws {
        try await TestDatabase.with { database async throws in
            let url = database.url + (database.url.contains("?") ? "&" : "?") + "options=-csearch_path%3D%22App%22"
            let runner = try database.runner(tables(1), url: url)
            let error = await migrationError { try await runner.run(.up()) }
            #expect(error?.description.hasPrefix("the search path names no schema that exists; ") == true)
            try await database.execute("CREATE SCHEMA \"App\"")
            try await runner.run(.up())
            #expect(try await database.tables() == [])
            #expect(try await database.rows("SELECT version FROM \"App\".larder_migrations") == ["1"])
            #expect(try await runner.status().map(\.state) == [.applied])
        }
    }

    @Test func `may say something`() async throws {
        try await TestDatabase.with { database async throws in
            let content = "-- migrate:up\nCREATE TABLE IF NOT EXISTS larder_migrations ();"
            try await database.runner(["0001_a.sql": content]).run(.up())
            #expect(database.events.contains("NOTICE: relation \"larder_migrations\" already exists, skipping"))
        }
    }
}
