import Testing

@testable import PostgresStore

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
        #expect(try PostgresConfiguration("application_name=night").applicationName == "night")
    }

    @Test(arguments: [
        "postgresql://ann:sec%zzret@db/shop", "postgresql://ann:se\"cret@[db/shop", "host=db password=my secret",
        "host=db password='secret", "postgresql://ann:secret@db:x/shop?secret", "connect_timeout=secret",
        "postgresql://ann:secret", "postgresql://ann:pw@db:0", "host=a,b port=1,secret", "port=+1", "port=65536",
    ])
    func `that is not understood is reported without its values`(_ text: String) throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(text) }
        #expect(error?.kind == .invalidConfiguration)
        #expect(error?.description.contains("ret") == false, "\(error!)")
        #expect(error?.description.contains("\n") == false)
    }

    @Test func `that has an unknown keyword is told which`() throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration("hots=db") }
        #expect(error?.message == "the connection string is not understood: invalid connection option \"hots\"")
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

    @Test func `takes the operator's options, but not the formats among them`() throws {
        let configuration = try PostgresConfiguration("options='-c work_mem=64MB -c TimeZone=Asia/Tokyo'")
        let options = ConnectTarget.session(configuration)["options"]!
        let position = { (text: String) in options.firstRange(of: text)?.lowerBound }
        #expect(position("work_mem=64MB") != nil)
        #expect(try #require(position("TimeZone=Asia")) < #require(position("TimeZone=UTC")))
    }
}
