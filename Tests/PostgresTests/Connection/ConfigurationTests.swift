import Testing

@testable import Postgres

@Suite struct `A configuration` {
    @Test func `is read from a URI and from keywords alike`() throws {
        for text in [
            "postgresql://ann:secret@db.example.org:6543/shop?connect_timeout=3",
            "user=ann password=secret host=db.example.org port=6543 dbname=shop connect_timeout=3",
        ] {
            let configuration = try PostgresConfiguration(text)
            #expect(configuration.parameters["user"] == "ann")
            #expect(configuration.parameters["password"] == "secret")
            #expect(configuration.connectTimeout == 3_000)
            #expect(configuration.description == "postgresql://ann@db.example.org:6543/shop")
            #expect(!String(reflecting: configuration).contains("secret"))
        }
    }

    @Test func `has an application name, its own or the operator's`() throws {
        #expect(try PostgresConfiguration("dbname=shop").applicationName == "larder")
        #expect(try PostgresConfiguration("application_name=night").applicationName == "larder/night")
    }

    @Test(arguments: [
        "postgresql://ann:sec%zzret@db/shop", "postgresql://ann:se\"cret@[db/shop", "host=db password=my secret",
        "host=db password='secret", "postgresql://ann:secret@db:x/shop?secret", "connect_timeout=secret",
        "postgresql://ann:secret", "postgresql://ann:pw@db:0", "host=a,b port=1,secret", "port=+1", "port=65536",
        "hots=secret", "host=db secret=x", "postgresql://db/shop?secret=x", "\"postgresql://ann:secret@db/shop\"",
    ])
    func `that is not understood is reported without its values`(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description.contains("ret") == false, "\(error!)")
        #expect(error?.description.contains("\n") == false)
    }

    /// A part of the password would be the name of the host or of the database, which are shown and logged.
    @Test(arguments: [
        "postgresql://ann:pass@geheim@db/shop", "postgres://ann:@@db/shop", "postgresql://ann:1/geheim@db/shop",
        "postgresql://ann:a?b@geheim@db/shop", "postgresql://ann:a@b/c@db", "postgresql://a,b@c/shop@x",
        "host=ann:geheim@db dbname=shop", "host=a,b@geheim",
    ])
    func `that has an @ where none belongs is reported`(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.message.contains("%40") == true && error?.message.contains("geheim") == false, "\(error!)")
    }

    @Test(arguments: [
        ("postgresql://ann:pass%40word%2F@db/shop", "pass@word/"), ("postgresql://ann:a?b@db/shop", "a?b"),
        ("postgresql://db/shop?password=a@b", "a@b"), ("host=@abstract password=a@b", "a@b"), ("password='a b' host=db", "a b"),
    ])
    func `may have any password`(_ text: String, _ password: String) throws {
        #expect(try PostgresConfiguration(text).parameters["password"] == password)
    }

    @Test(arguments: [
        ("postgresql://db/shop?sslmode=bogus", "sslmode"), ("host=db gssencmode=maybe", "gssencmode"),
        ("host=db channel_binding=on", "channel_binding"), ("host=db ssl_min_protocol_version=1.3", "ssl_min_protocol_version"),
        ("host=db keepalives_idle=soon", "keepalives_idle"), ("host=db tcp_user_timeout=5s", "tcp_user_timeout"),
    ])
    func `is told of values that no attempt to connect could use`(_ text: String, _ keyword: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.message.hasPrefix("\(keyword) in the connection string is not ") == true, "\(error!)")
    }

    @Test func `is told of such values in libpq's environment, unless it has its own`() throws {
        let error = #expect(throws: PostgresError.self) {
            try ConnectionString.check(["host": "db"], defaults: ["sslmode": "bogus"])
        }
        #expect(error?.message.hasPrefix("sslmode in libpq's own environment variables is not one of ") == true)
        try ConnectionString.check(["sslmode": "require"], defaults: ["sslmode": "bogus"])
        try ConnectionString.check([:], defaults: ["sslmode": "prefer", "keepalives_idle": "", "channel_binding": "prefer"])
    }

    @Test(arguments: ["postgresql://db/shop\n", " postgresql://db/shop ", "postgresql://db/my shop", "postgresql://db\t/shop"])
    func `that is a URI has no blanks`(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.kind == .invalidConfiguration, "\(text)")
    }

    @Test func `that has an unknown keyword is told so`() throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration("hots=db") }
        #expect(error?.message == "the connection string has a keyword that libpq does not know")
    }

    @Test func `names the hosts to try, each with its port`() throws {
        func hosts(_ text: String, defaults: [String: String] = [:]) throws -> [String] {
            ConnectTarget.hosts(try PostgresConfiguration(text).parameters, defaults: defaults)
                .map { "\($0.name)|\($0.address)|\($0.port)" }
        }
        #expect(try hosts("host=a,b port=1,2") == ["a||1", "b||2"])
        #expect(try hosts("host=a,b port=7") == ["a||7", "b||7"])
        #expect(try hosts("host=a,b port=1,") == ["a||1", "b||"])
        #expect(try hosts("host=a,/run port=7") == ["a||7", "/run||7"])
        #expect(try hosts("hostaddr=10.0.0.1", defaults: ["host": "environment", "port": "5432"]) == ["|10.0.0.1|5432"])
        #expect(try hosts("host=a", defaults: ["hostaddr": "10.0.0.1", "port": "5432"]) == ["a||5432"])
        #expect(try hosts("dbname=x", defaults: ["host": "environment", "port": "5432"]) == ["environment||5432"])
        #expect(try hosts("dbname=x", defaults: ["port": "5432"]) == ["||5432"])
    }

    @Test func `leaves the host to a service file if it names one`() throws {
        #expect(ConnectTarget.leavesHostToService(["service": "shop"], defaults: [:]))
        #expect(ConnectTarget.leavesHostToService([:], defaults: ["service": "shop"]))
        #expect(!ConnectTarget.leavesHostToService(["service": "shop", "host": "db"], defaults: [:]))
        #expect(!ConnectTarget.leavesHostToService([:], defaults: ["host": "db"]))
    }

    @Test func `asks for a server that takes writes, and is refused if it wants another`() throws {
        for text in ["host=a,b", "host=a,b target_session_attrs=read-write"] {
            #expect(ConnectTarget.session(try PostgresConfiguration(text))["target_session_attrs"] == "read-write")
        }
        for attributes in ["any", "primary", "read-only", "standby", "prefer-standby"] {
            let error = #expect(throws: PostgresError.self) {
                try PostgresConfiguration("postgresql://a,b/shop?target_session_attrs=\(attributes)")
            }
            #expect(error?.kind == .invalidConfiguration)
            #expect(error?.message.contains("standby may be old") == true)
        }
    }

    @Test func `leaves options to the operator, and to PGOPTIONS if it names none`() throws {
        #expect(ConnectTarget.session(try PostgresConfiguration("options='-c work_mem=64MB'"))["options"] == "-c work_mem=64MB")
        #expect(ConnectTarget.session(try PostgresConfiguration("host=db"))["options"] == nil)
    }
}
