internal import Model

/// What the command line asks for.
enum Command {
    case serve
    case migrate([String])
    case importRows(ImportRequest)
    case seed(SeedRequest)
    case cache(CacheRequest)
    case warm(WarmRequest)
    case config
    case routes
    case openapi
    case version
    case help(String?)

    struct ImportRequest {
        var resource: String
        var file: String
        /// The field for each column that has another name; nil drops the column.
        var map: [String: String?] = [:]
    }

    struct SeedRequest {
        var size = SeedPlan.Size.small
        /// Whether rows that are there may be replaced.
        var replaces = false
    }

    struct WarmRequest {
        /// None for all.
        var resources: [String] = []
        /// How many rows of each at most; nil for all.
        var limit: Int?
    }

    enum CacheRequest {
        case stats
        case inspect(String)
        case invalidate([Tag])
        case clear
    }
}

/// A command line that cannot be understood.
struct UsageError: Error {
    /// What is wrong and what to do, in one sentence.
    let message: String

    init(_ message: String) { self.message = message }

    static func unknownCommand(_ name: String) -> UsageError {
        let near = NearName.suffix(for: name, among: Help.commands)
        return UsageError("There is no command \"\(name.excerpt)\"\(near): larder help lists the commands.")
    }

    static func unknownOption(_ name: String, of command: String, among options: [String]) -> UsageError {
        UsageError("larder \(command) has no option \"\(name.excerpt)\"\(NearName.suffix(for: name, among: options)).")
    }

    /// A word that a command does not understand.
    static func unknown(_ word: String, to command: String, among words: [String]) -> UsageError {
        UsageError("larder \(command) does not know \"\(word.excerpt)\"\(NearName.suffix(for: word, among: words)).")
    }
}

extension Command {
    /// - Parameter arguments: without the program's name.
    init(_ arguments: [String], _ declarations: Declarations) throws(UsageError) {
        guard let name = arguments.first else { throw UsageError("Say what to do: larder help lists the commands.") }
        let rest = Array(arguments.dropFirst())
        if Help.commands.contains(name), rest.contains("--help") || rest.contains("-h") {
            self = .help(name)
            return
        }
        switch name {
        case "serve": self = try Self.alone(name, rest, .serve)
        case "migrate": self = .migrate(rest)
        case "import": self = .importRows(try Self.importRequest(rest))
        case "seed": self = .seed(try Self.seedRequest(rest))
        case "cache" where rest.first == "warm": self = .warm(try Self.warmRequest(rest.dropFirst()))
        case "cache": self = .cache(try Self.cacheRequest(rest, declarations))
        case "config": self = try Self.alone(name, rest, .config)
        case "routes": self = try Self.alone(name, rest, .routes)
        case "openapi": self = try Self.alone(name, rest, .openapi)
        case "version", "--version": self = try Self.alone(name, rest, .version)
        case "help", "--help", "-h":
            guard rest.count <= 1 else { throw UsageError("larder help takes one command at most.") }
            if let topic = rest.first, !Help.commands.contains(topic) {
                throw .unknownCommand(topic)
            }
            self = .help(rest.first)
        default: throw .unknownCommand(name)
        }
    }

    private static func alone(_ name: String, _ rest: [String], _ command: Command) throws(UsageError) -> Command {
        if let first = rest.first { throw UsageError("larder \(name) takes no arguments, but \"\(first.excerpt)\" was given.") }
        return command
    }

    private static func importRequest(_ arguments: [String]) throws(UsageError) -> ImportRequest {
        var words: [String] = []
        var map: [String: String?] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument == "--map" else {
                guard !argument.hasPrefix("--") else { throw .unknownOption(argument, of: "import", among: ["--map"]) }
                words.append(argument)
                continue
            }
            guard let pairs = rest.popFirst() else {
                throw UsageError("--map expects column=field pairs, as in --map prod_id=id,sales=sold.")
            }
            for pair in pairs.split(separator: ",", omittingEmptySubsequences: false) {
                let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
                // A column may have no name: a comma ended the header.
                guard parts.count == 2, !parts[1].isEmpty else {
                    throw UsageError("--map has \"\(pair.excerpt)\"; expected is column=field, or column=- to drop a column.")
                }
                let earlier = map.updateValue(parts[1] == "-" ? nil : parts[1], forKey: parts[0])
                guard case nil = earlier else { throw UsageError("--map names the column \"\(parts[0].excerpt)\" twice.") }
            }
        }
        guard words.count == 2 else {
            throw UsageError("larder import expects a resource and a file, as in larder import products products.csv.")
        }
        return ImportRequest(resource: words[0], file: words[1], map: map)
    }

    private static func seedRequest(_ arguments: [String]) throws(UsageError) -> SeedRequest {
        var request = SeedRequest()
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--replace": request.replaces = true
            case "--size":
                guard let size = rest.popFirst().flatMap(SeedPlan.Size.init) else {
                    throw UsageError("--size expects small, medium or large.")
                }
                request.size = size
            default: throw .unknown(argument, to: "seed", among: ["--size", "--replace"])
            }
        }
        return request
    }

    private static func cacheRequest(_ arguments: [String], _ declarations: Declarations) throws(UsageError) -> CacheRequest {
        let rest = Array(arguments.dropFirst())
        switch arguments.first {
        case "stats" where rest.isEmpty: return .stats
        case "clear" where rest.isEmpty: return .clear
        case "inspect" where rest.count == 1: return .inspect(rest[0])
        case "invalidate" where !rest.isEmpty:
            var tags: [Tag] = []
            for text in rest {
                do throws(InvalidTag) { tags.append(try declarations.tag(reading: text)) } catch {
                    throw UsageError("\"\(text.excerpt)\" is no tag: \(error.reason).")
                }
            }
            return .invalidate(tags)
        case .some(let name) where NearName.of(name, among: cacheCommands) != nil && !cacheCommands.contains(name):
            throw .unknown(name, to: "cache", among: cacheCommands)
        default:
            throw UsageError("larder cache expects stats, inspect TAG-OR-KEY, invalidate TAG..., warm [RESOURCE...] or clear.")
        }
    }

    private static let cacheCommands = ["stats", "inspect", "invalidate", "warm", "clear"]

    private static func warmRequest(_ arguments: ArraySlice<String>) throws(UsageError) -> WarmRequest {
        var request = WarmRequest()
        var rest = arguments
        while let argument = rest.popFirst() {
            guard argument == "--limit" else {
                guard !argument.hasPrefix("--") else { throw .unknownOption(argument, of: "cache warm", among: ["--limit"]) }
                request.resources.append(argument)
                continue
            }
            guard let limit = rest.popFirst().flatMap({ Int($0) }), limit > 0 else {
                throw UsageError("--limit expects how many rows of each resource are warmed at most, as in --limit 1000.")
            }
            request.limit = limit
        }
        return request
    }
}
