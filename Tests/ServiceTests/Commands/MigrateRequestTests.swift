import Migrator
import Testing

@testable import Service

@Suite struct `The command line of migrations` {
    /// The change that a command line asks for, and whether only to be shown.
    private func change(_ line: String...) throws -> (command: MigrationCommand, isDryRun: Bool)? {
        if case .change(let command, let isDryRun) = try MigrateRequest(line) { (command, isDryRun) } else { nil }
    }

    private func refusal(_ line: String...) -> String? {
        do throws(UsageError) {
            _ = try MigrateRequest(line)
            return nil
        } catch {
            return error.message
        }
    }

    private let two = MigrationVersion("0002")!

    @Test func `goes up`() throws {
        #expect(try change("up")! == (.up(), false))
        #expect(try change("up", "--to", "0002")! == (.up(to: two), false))
        #expect(try change("up", "--to", "2", "--dry-run")! == (.up(to: two), true))
        #expect(try change("up", "--dry-run", "--to", "2")! == (.up(to: two), true))
        #expect(try change("up", "--out-of-order", "--retry")! == (.up(outOfOrder: true, retry: true), false))
    }

    @Test func `goes down`() throws {
        #expect(try change("down")! == (.down(steps: 1), false))
        #expect(try change("down", "--steps", "3")! == (.down(steps: 3), false))
        #expect(try change("down", "--to", "0002", "--dry-run")! == (.downTo(two), true))
        #expect(try change("down", "--to", "0")! == (.downTo(.none), false))
        #expect(try change("down", "--retry")! == (.down(steps: 1, retry: true), false))
    }

    @Test func `goes down and up again`() throws {
        #expect(try change("redo")! == (.redo, false))
    }

    @Test func `marks what was there before`() throws {
        #expect(try change("baseline", "0002")! == (.baseline(two), false))
    }

    @Test func `says how things are`() throws {
        for (line, expected) in [
            (["status"], [false, false]), (["status", "--json"], [true, false]), (["status", "--exit-code"], [false, true]),
            (["status", "--exit-code", "--json"], [true, true]),
        ] {
            guard case .status(let isJSON, let hasExitCode) = try MigrateRequest(line) else {
                Issue.record("\(line) is no status")
                continue
            }
            #expect([isJSON, hasExitCode] == expected)
        }
    }

    @Test func `has other commands`() throws {
        guard case .verify = try MigrateRequest(["verify"]),
            case .create("add_weight", nil) = try MigrateRequest(["create", "add_weight"]),
            case .wait(60) = try MigrateRequest(["wait"]), case .wait(5) = try MigrateRequest(["wait", "--timeout", "5"])
        else {
            Issue.record("one of them is another")
            return
        }
    }

    @Test func `has to name a command`() {
        #expect(refusal() == "larder migrate expects a command: larder help migrate lists them.")
        for name in ["", "--to", "rollback"] {
            #expect(refusal(name) == "larder migrate has no command \"\(name)\": larder help migrate lists them.")
        }
    }

    @Test(arguments: ["up", "down", "redo", "status", "verify", "wait"])
    func `takes nothing that it does not know`(command: String) {
        for word in ["x", "--verbose"] {
            #expect(refusal(command, word) == "larder migrate \(command) does not know \"\(word)\".")
        }
    }

    @Test func `that is misspelled hears what is near`() {
        #expect(refusal("UP") == "larder migrate has no command \"UP\"; perhaps up is meant: larder help migrate lists them.")
        #expect(refusal("up", "--too", "1") == "larder migrate up does not know \"--too\"; perhaps --to is meant.")
        #expect(refusal("status", "--jsno") == "larder migrate status does not know \"--jsno\"; perhaps --json is meant.")
    }

    @Test func `takes each option once`() {
        #expect(refusal("up", "--to", "1", "--to", "2") != nil)
        #expect(refusal("status", "--json", "--json") != nil)
    }

    @Test(arguments: ["x", "-1", "1.5", "12345", "0002_name", ""])
    func `takes versions of up to four digits`(version: String) {
        for command in ["up", "down"] {
            #expect(
                refusal(command, "--to", version)
                    == "larder migrate \(command): --to is \"\(version)\"; expected is a version such as 0001.")
        }
        #expect(refusal("baseline", version) == "\"\(version)\" is no version; expected is a number such as 0001.")
    }

    @Test(arguments: ["0", "-1", "x", "1.5", "86401", ""])
    func `takes numbers from one on`(number: String) {
        for (command, option) in [("down", "--steps"), ("wait", "--timeout")] {
            #expect(
                refusal(command, option, number)
                    == "larder migrate \(command): \(option) is \"\(number)\"; expected is a whole number from 1 to 86400.")
        }
    }

    @Test(arguments: [("up", "--to"), ("down", "--to"), ("down", "--steps"), ("wait", "--timeout")])
    func `wants a value for options that have one`(command: String, option: String) {
        #expect(refusal(command, option) == "larder migrate \(command): \(option) expects a value.")
    }

    @Test func `goes down by steps or to a version, not both`() {
        #expect(refusal("down", "--steps", "1", "--to", "2") == "larder migrate down takes --steps or --to, not both.")
    }

    @Test func `wants a name to create, and a version to begin with`() {
        #expect(refusal("create") == "larder migrate create expects a name, as in larder migrate create add_products_weight.")
        guard case .create("suppliers", "products") = try? MigrateRequest(["create", "suppliers", "--resource", "products"])
        else { return #expect(Bool(false), "a table of a resource is understood") }
        #expect(refusal("create", "a", "b") == "larder migrate create does not know \"b\".")
        #expect(refusal("baseline") == "larder migrate baseline expects a version, as in larder migrate baseline 0001.")
    }
}
