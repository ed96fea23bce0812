import Domain
import Model
import Testing

@Suite struct `The status of an application` {
    private let shop: Shop
    private let id: Int64

    init() async throws {
        shop = try await Shop()
        id = try await shop.write { unit in
            for name in ["search", "store"] {
                var application = Application()
                application.name = name
                _ = try await unit.insert(application)
            }
            return try await unit.first(Application.self, where: Application.filter(\.name, "store"))!.id.key
        }
    }

    @discardableResult
    private func deploy(_ release: String, to environment: String, application: Int64? = nil) async throws -> Stored<Deployment> {
        var deployment = Deployment()
        deployment.applicationID = ID(application ?? id)
        (deployment.release, deployment.environment) = (release, environment)
        return try await shop.write { [deployment] unit in try await unit.insert(deployment) }
    }

    private func status() async throws -> (json: String, tags: Set<String>) {
        try #require(try await shop.view(ApplicationStatus.view, of: id))
    }

    @Test func `has no environments before the first deployment`() async throws {
        #expect(try await status().json == #"{"application_id":\#(id),"environments":[]}"#)
        #expect(try await shop.view(ApplicationStatus.view, of: 77) == nil)
    }

    @Test func `has the newest deployment of each environment, by their names`() async throws {
        try await deploy("1.0", to: "testing")
        try await deploy("1.1", to: "production")
        let testing = try await deploy("1.2", to: "testing")
        let accent = try await deploy("1.0", to: "\u{E9}")
        let other = try await deploy("1.0", to: "e\u{301}")
        let production = try await deploy("1.0", to: "production")
        try await deploy("9.9", to: "production", application: 1)
        let rows = [other, production, testing, accent].map { String(decoding: Encoded($0).bytes, as: UTF8.self) }
        #expect(try await status().json == #"{"application_id":\#(id),"environments":[\#(rows.joined(separator: ","))]}"#)
    }

    @Test func `shows what becomes of a deployment`() async throws {
        let deployment = try await deploy("1.0", to: "production")
        #expect(try await status().json.contains(#""status":"pending""#))
        try await shop.change(deployment.id) { $0.status = .rolledBack }
        #expect(try await status().json.contains(#""status":"rolled_back""#))
    }

    @Test func `depends on the application and its deployments`() async throws {
        #expect(try await status().tags == ["applications:\(id)", "deployments/application_id=\(id)"])
    }
}
