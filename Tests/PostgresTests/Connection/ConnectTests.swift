import EventLoop
import LarderTesting
import Testing

@testable import Postgres

@Suite struct `Connecting` {
    @Test func `makes the session what values are read as`() async throws {
        let settings = try await TestDatabase.withConnection { connection in
            try await connection.run(
                Statement(
                    """
                    SELECT current_setting('client_encoding'), current_setting('TimeZone'), \
                    left(current_setting('DateStyle'), 3), current_setting('application_name'), \
                    current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')
                    """)
            ).texts
        }
        #expect(settings == [["UTF8", "UTC", "ISO", "larder", "10s", "2s"]])
    }

    @Test func `limits what an intent has to outlive, and keeps its formats, whatever the options say`() async throws {
        try await onLoop { loop in
            var parameters = try TestDatabase.configuration().parameters
            parameters["options"] = """
                -c statement_timeout=1h -c idle_in_transaction_session_timeout=0 -c work_mem=12MB \
                -c TimeZone=Asia/Tokyo -c DateStyle=German -c IntervalStyle=sql_standard -c extra_float_digits=0
                """
            let text = parameters.map { "\($0)='\($1)'" }.joined(separator: " ")
            let connection = try await PostgresConnection.connect(PostgresConfiguration(text), on: loop)
            defer { connection.close() }
            let settings = try await connection.run(
                Statement(
                    """
                    SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), \
                    current_setting('work_mem'), current_setting('TimeZone'), left(current_setting('DateStyle'), 3), \
                    current_setting('IntervalStyle'), current_setting('extra_float_digits')
                    """))
            #expect(settings.texts == [["10s", "2s", "12MB", "UTC", "ISO", "postgres", "1"]])
        }
    }

    @Test func `to a database that cannot hold all texts is refused`() async throws {
        try await onLoop { loop in
            let administrator = try await PostgresConnection.connect(TestDatabase.configuration(), on: loop)
            defer { administrator.close() }
            for encoding in ["LATIN1", "SQL_ASCII"] {
                let name = "encoding_\(UInt64.random(in: 0 ... .max))"
                try await administrator.simpleQuery(
                    "CREATE DATABASE \(name) TEMPLATE template0 ENCODING '\(encoding)' LOCALE 'C'")
                var parameters = try TestDatabase.configuration().parameters
                parameters["dbname"] = name
                let text = parameters.map { "\($0)='\($1)'" }.joined(separator: " ")
                let error = await postgresError {
                    try await PostgresConnection.connect(PostgresConfiguration(text), on: loop)
                }
                #expect(error?.kind == .invalidConfiguration)
                #expect(error?.message.contains("the encoding \(encoding)") == true && error?.message.contains("UTF8") == true)
                try await administrator.simpleQuery("DROP DATABASE \(name) WITH (FORCE)")
            }
        }
    }

    @Test func `is refused with the server's code`() async throws {
        try await onLoop { loop in
            var parameters = try TestDatabase.configuration().parameters
            parameters["dbname"] = "no_such_database"
            let text = parameters.map { "\($0)='\($1)'" }.joined(separator: " ")
            let error = await postgresError { try await PostgresConnection.connect(PostgresConfiguration(text), on: loop) }
            #expect(error?.kind == .unreachable)
            #expect(error?.sqlState == "3D000")
            #expect(error?.message.hasSuffix("FATAL: database \"no_such_database\" does not exist") == true, "\(error!)")
        }
    }

    @Test func `is refused with libpq's words alone where there is no code`() {
        let (code, text) = PostgresError.withoutCode(
            "connection to server at \"db\", port 1 failed: FATAL:  53300: too many\nDETAIL:  x\nLOCATION:  Init, proc.c:354\n")
        #expect(code == .tooManyConnections)
        #expect(text == "connection to server at \"db\", port 1 failed: FATAL: too many\nDETAIL:  x")
        #expect(PostgresError.withoutCode("Connection refused\n\tIs it there?").0 == nil)
    }

    @Test func `to a server that is not there fails with its reason`() async throws {
        try await onLoop { loop in
            for text in ["host=/nowhere", "host=127.0.0.1 port=1"] {
                let error = await postgresError {
                    try await PostgresConnection.connect(PostgresConfiguration(text), on: loop)
                }
                #expect(error?.kind == .unreachable)
                #expect(error?.description.contains("\n") == false)
                #expect(error?.isRetriable == true)
            }
        }
    }

    @Test func `to an unknown name fails without blocking the loop`() async throws {
        try await onLoop { loop in
            let error = await postgresError {
                try await PostgresConnection.connect(PostgresConfiguration("host=no-such-host.invalid"), on: loop)
            }
            #expect(error?.kind == .unreachable)
            #expect(error?.message.contains("no-such-host.invalid") == true)
        }
    }

    @Test func `gives up on a host that does not answer, and goes on to the next`() async throws {
        try await onLoop { loop in
            // Takes the connection and stays silent.
            let streams = Box([Stream]())
            let silent = try Listener(try await loop.resolve("127.0.0.1", port: 0)[0], on: loop, backlog: 4) {
                streams.value.append($0)
            }
            let proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
            let direct = try proxy.configuration()
            let both = "127.0.0.1,127.0.0.1"
            let text = direct.parameters.map { keyword, value in
                switch keyword {
                case "host": "host=\(both)"
                case "port": "port=\(silent.address.port),\(value)"
                default: "\(keyword)='\(value)'"
                }
            }.joined(separator: " ")
            var configuration = try PostgresConfiguration(text)
            configuration.connectTimeout = 1_000
            let connection = try await PostgresConnection.connect(configuration, on: loop)
            #expect(try await connection.run(Statement("SELECT 1")).int64(0, 0) == 1)
            #expect(streams.value.count == 1)
            connection.close()
            proxy.close()
        }
    }

    @Test func `resolves names itself`() async throws {
        try await onLoop { loop in
            let proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
            let text = try proxy.configuration().parameters.map { keyword, value in
                keyword == "host" ? "host=localhost" : "\(keyword)='\(value)'"
            }.joined(separator: " ")
            let connection = try await PostgresConnection.connect(PostgresConfiguration(text), on: loop)
            #expect(try await connection.run(Statement("SELECT 1")).int64(0, 0) == 1)
            connection.close()
            proxy.close()
        }
    }
}
