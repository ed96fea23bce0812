import Domain
import EventLoop
import LarderTesting
import Model
import Testing

/// What is deployed where.
@Suite struct `The status of an application, in every store,` {
    @Test(arguments: StoreUnderTest.all)
    func `is the newest deployment of each environment`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let missing = unusedID(of: Application.self)
            #expect(try await bench.status(of: missing).text == nil)

            let application = try await bench.write { try await bench.samples.row(of: Application.self, in: $0) }
            #expect(
                try await bench.status(of: application.id).text
                    == #"{"application_id":\#(application.id),"environments":[]}"#)

            func deploy(_ environment: String, _ release: String) async throws -> Stored<Deployment> {
                try await bench.write { unit in
                    var deployment = Deployment()
                    deployment.applicationID = application.id
                    deployment.environment = environment
                    deployment.release = release
                    return try await unit.insert(deployment)
                }
            }
            _ = try await deploy("staging", "1.0")
            let production = try await deploy("production", "1.0")
            let staging = try await deploy("staging", "1.1")
            // Another application's do not count.
            _ = try await bench.write { try await bench.samples.row(of: Deployment.self, in: $0) }
            let expected = [production, staging].map(text).joined(separator: ",")
            let status = try await bench.status(of: application.id)
            #expect(status.text == #"{"application_id":\#(application.id),"environments":[\#(expected)]}"#)
            #expect(
                status.tags == [
                    Application.tag(of: application.id), Tag("deployments/application_id=\(application.id)"),
                ])
        }
    }
}
