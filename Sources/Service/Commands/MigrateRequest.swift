internal import Migrator
internal import Model

/// What `larder migrate` was asked for.
enum MigrateRequest {
    case change(MigrationCommand, isDryRun: Bool)
    case status(isJSON: Bool, hasExitCode: Bool)
    case verify
    case create(String, resource: String?)
    case wait(seconds: UInt64)

    init(_ arguments: [String]) throws(UsageError) {
        guard let name = arguments.first else {
            throw UsageError("larder migrate expects a command: larder help migrate lists them.")
        }
        var options = Options(name, Array(arguments.dropFirst()))
        switch name {
        case "up":
            let to = try options.version("--to")
            self = .change(
                .up(to: to, outOfOrder: options.flag("--out-of-order"), retry: options.flag("--retry")),
                isDryRun: options.flag("--dry-run"))
        case "down":
            let steps = try options.number("--steps")
            let to = try options.version("--to")
            let (retry, isDryRun) = (options.flag("--retry"), options.flag("--dry-run"))
            guard steps == nil || to == nil else { throw UsageError("larder migrate down takes --steps or --to, not both.") }
            self = .change(
                to.map { .downTo($0, retry: retry) } ?? .down(steps: Int(steps ?? 1), retry: retry), isDryRun: isDryRun)
        case "redo": self = .change(.redo, isDryRun: options.flag("--dry-run"))
        case "status": self = .status(isJSON: options.flag("--json"), hasExitCode: options.flag("--exit-code"))
        case "verify": self = .verify
        case "create":
            let resource = try options.value("--resource")
            self = .create(try options.word("a name, as in larder migrate create add_products_weight"), resource: resource)
        case "baseline":
            let word = try options.word("a version, as in larder migrate baseline 0001")
            guard let version = MigrationVersion(word) else {
                throw UsageError("\"\(word.excerpt)\" is no version; expected is a number such as 0001.")
            }
            self = .change(.baseline(version), isDryRun: options.flag("--dry-run"))
        case "wait": self = .wait(seconds: try options.number("--timeout") ?? 60)
        default:
            let near = NearName.suffix(for: name, among: Self.commands)
            throw UsageError("larder migrate has no command \"\(name.excerpt)\"\(near): larder help migrate lists them.")
        }
        try options.finish()
    }

    private static let commands = ["up", "down", "redo", "status", "create", "verify", "baseline", "wait"]

    /// The words after a subcommand, which are taken one by one.
    private struct Options {
        private let command: String
        private var rest: [String]
        /// The options that were looked for.
        private var known: [String] = []

        init(_ command: String, _ rest: [String]) {
            self.command = command
            self.rest = rest
        }

        mutating func flag(_ name: String) -> Bool {
            known.append(name)
            guard let index = rest.firstIndex(of: name) else { return false }
            rest.remove(at: index)
            return true
        }

        mutating func value(_ name: String) throws(UsageError) -> String? {
            known.append(name)
            guard let index = rest.firstIndex(of: name) else { return nil }
            guard index + 1 < rest.count else { throw UsageError("larder migrate \(command): \(name) expects a value.") }
            defer { rest.removeSubrange(index...index + 1) }
            return rest[index + 1]
        }

        mutating func number(_ name: String) throws(UsageError) -> UInt64? {
            guard let text = try value(name) else { return nil }
            guard let number = UInt64(text), 1...86_400 ~= number else {
                throw UsageError(
                    "larder migrate \(command): \(name) is \"\(text.excerpt)\"; expected is a whole number from 1 to 86400.")
            }
            return number
        }

        mutating func version(_ name: String) throws(UsageError) -> MigrationVersion? {
            guard let text = try value(name) else { return nil }
            guard let version = MigrationVersion(text) else {
                throw UsageError("larder migrate \(command): \(name) is \"\(text.excerpt)\"; expected is a version such as 0001.")
            }
            return version
        }

        mutating func word(_ expectation: String) throws(UsageError) -> String {
            guard let first = rest.first, !first.hasPrefix("--") else {
                throw UsageError("larder migrate \(command) expects \(expectation).")
            }
            return rest.removeFirst()
        }

        func finish() throws(UsageError) {
            if let first = rest.first { throw .unknown(first, to: "migrate \(command)", among: known) }
        }
    }
}
