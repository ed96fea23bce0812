import Model
import TestDomain
import Testing

@testable import Service

@Suite struct `The help` {
    private static let commands = [
        "serve", "migrate", "import", "seed", "cache", "config", "routes", "openapi", "version", "help",
    ]

    @Test(arguments: commands)
    func `is there for each command`(command: String) throws {
        let topic = try #require(Help.topic(command, testDeclarations))
        #expect(topic.contains("larder \(command)") || command == "help")
        #expect(topic.hasSuffix("\n") && !topic.hasSuffix("\n\n\n"))
        #expect(topic.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test(arguments: commands)
    func `lists each command`(command: String) {
        #expect(Help.overview.split(separator: "\n").contains { $0.hasPrefix("  \(command) ") })
    }

    @Test(arguments: commands)
    func `lists what is a command`(command: String) {
        // Each is understood: what may be wrong is what is missing after it.
        do throws(UsageError) { _ = try Command([command], testDeclarations) } catch {
            #expect(!error.message.contains("There is no command"))
        }
    }

    @Test func `is not there for what is no command`() {
        for name in ["", "Serve", "--help", "larder", "describe"] { #expect(Help.topic(name, testDeclarations) == nil) }
    }

    @Test func `on migrations has each of their commands`() throws {
        let topic = try #require(Help.topic("migrate", testDeclarations))
        for command in ["up", "down", "redo", "status", "create", "verify", "baseline", "wait"] {
            #expect(topic.contains("larder migrate \(command)"))
        }
    }

    @Test func `on the cache has each of its commands`() throws {
        let topic = try #require(Help.topic("cache", testDeclarations))
        for command in ["stats", "inspect", "invalidate", "warm", "clear"] { #expect(topic.contains("larder cache \(command)")) }
    }

    @Test func `on imports has each resource`() throws {
        let topic = try #require(Help.topic("import", testDeclarations))
        for resource in testDeclarations.resources + ["excluded"] { #expect(topic.contains(resource)) }
    }

    @Test func `has the exit statuses`() {
        #expect(Help.overview.contains("0 done, 1 failed, 2 wrong usage or configuration, 3 migrations pending"))
    }
}
