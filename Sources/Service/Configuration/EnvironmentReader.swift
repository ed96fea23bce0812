internal import Model

/// Reads settings from environment variables and gathers all that is wrong with them.
struct EnvironmentReader {
    private let variables: [String: String]
    /// One sentence for each variable that cannot be understood: its name, its value and what is expected.
    private(set) var problems: [String] = []
    /// Each variable that was asked for, with its effective value as text.
    private(set) var effective: [(name: String, value: String)] = []
    /// The names of all settings that were asked for.
    private var known: Set<String> = []

    init(_ variables: [String: String]) {
        // An empty variable is how many tools say "not set".
        self.variables = variables.filter { !$0.value.isEmpty }
    }

    var names: [String] { variables.keys.sorted() }

    subscript(name: String) -> String? {
        mutating get {
            known.insert(name)
            return variables[name]
        }
    }

    mutating func reject(_ name: String, _ expectation: String) {
        let value = variables[name] ?? ""
        let cause =
            Self.isServiceLink(value)
            ? ". It is a Kubernetes service link: set enableServiceLinks: false for the pod, or the variable itself" : ""
        problems.append("\(name) is \"\(value.excerpt)\"; expected is \(expectation)\(cause).")
    }

    /// Whether Kubernetes has set it: it gives the addresses of services to all containers, in variables with their names, as in
    /// `HTTP_PORT=tcp://10.0.0.1:80` of a service `http`.
    private static func isServiceLink(_ value: String) -> Bool {
        ["tcp://", "udp://", "sctp://"].contains(where: value.hasPrefix)
    }

    /// For a value that must not be shown.
    mutating func rejectSecret(_ name: String, _ reason: String) {
        problems.append("\(name): \(reason).")
    }

    /// A value that may hold a password, for whoever understands it. Blanks and line ends around it do not count: they come from a
    /// file that it was read from.
    ///
    /// - Returns: nil if it is not set, or begins with a quote, as it does where a shell would have removed that but a file of
    ///   settings keeps it.
    mutating func url(_ name: String) -> String? {
        guard let value = self[name] else { return nil }
        let trimmed = value.drop(while: \.isWhitespace)
        guard let last = trimmed.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        guard !["\"", "'", "`"].contains(trimmed.first) else {
            rejectSecret(name, "it begins with a quote; expected is the value alone, without quotes around it")
            return nil
        }
        return String(trimmed[...last])
    }

    /// Reads a setting.
    ///
    /// - Parameter standard: its value where it is not set, if that is not the one that was declared.
    mutating func read<Value>(_ setting: Setting<Value>, default standard: Value? = nil) -> Value {
        let standard = standard ?? setting.defaultValue
        guard let value = self[setting.name].map({ setting.value(of: $0) }) ?? standard else {
            reject(setting.name, setting.expectation)
            return standard
        }
        show(setting.name, setting.text(of: value))
        return value
    }

    /// Reads a setting in seconds as milliseconds.
    mutating func milliseconds(_ setting: Setting<Int>) -> UInt64 { UInt64(read(setting)) * 1000 }

    /// Reads a setting of the domain.
    mutating func read(_ setting: some AnySetting, into settings: inout Settings) {
        guard let text = self[setting.name] else { return show(setting.name, setting.shownDefault) }
        guard let (value, shown) = setting.read(text) else { return reject(setting.name, setting.expectation) }
        settings.set(setting, value)
        show(setting.name, shown)
    }

    /// Shows a setting that was read by other means.
    mutating func show(_ name: String, _ value: String) { effective.append((name, value)) }
}

// MARK: Names that are misspelled

extension EnvironmentReader {
    /// Refuses each variable that is no setting but nearly has the name of one, unless that one is given too: then it belongs to
    /// another program, as all others do. To be called when all settings were asked for.
    mutating func refuseNearNames() {
        let settings = known.sorted()
        for name in names where !known.contains(name) && !isForeign(name) {
            let near = Self.sameButUnit(name, among: settings).map { [$0] } ?? NearName.nearest(to: name, among: settings)
            guard let meant = near.first(where: { variables[$0] == nil }) else { continue }
            problems.append("\(name.excerpt) is no setting; \(NearName.meant(meant)): rename or unset it.")
        }
    }

    /// The setting that has the name in front of a unit of its own, as `CACHE_TTL_SECONDS` for `CACHE_TTL` or `CACHE_TTL_MS`.
    private static func sameButUnit(_ name: String, among names: [String]) -> String? {
        names.first { candidate in
            guard let unit = units.first(where: candidate.hasSuffix) else { return false }
            let stem = candidate.dropLast(unit.count)
            return name == stem || foreignUnits.contains { name == stem + $0 }
        }
    }

    private static let units = ["_SECONDS", "_HOURS", "_BYTES", "_MB", "_PERCENT"]
    private static let foreignUnits =
        units + ["_MS", "_MILLISECONDS", "_SEC", "_SECS", "_MINUTES", "_MINS", "_KB", "_GB", "_MIB"]

    /// Names that are near one of ours and mean something to many other programs.
    private func isForeign(_ name: String) -> Bool {
        if ["HTTP_PROXY", "HTTPS_PROXY", "HTTPS_HOST", "HTTPS_PORT", "LOGLEVEL"].contains(name) { return true }
        return Self.isServiceLink(variables[name]!)
    }
}
