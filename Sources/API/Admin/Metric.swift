/// A metric with its samples, as Prometheus reads it (text-based exposition format, version 0.0.4).
public struct Metric: Sendable {
    /// How its value goes: up alone, up and down, or by buckets.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// Letters, digits and underscores, with the unit at its end.
    public let name: String
    /// What it says, in a sentence.
    public let help: String
    public let kind: Kind
    private var lines: [String] = []

    public init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    /// Adds a sample.
    ///
    /// - Parameter suffix: what follows the name, as `_bucket` for a histogram.
    public mutating func add(
        _ value: some CustomStringConvertible, _ labels: KeyValuePairs<String, String> = [:], suffix: String = ""
    ) {
        let pairs = labels.map { "\($0)=\"\(Self.escaped($1, "\\\n\""))\"" }.joined(separator: ",")
        lines.append("\(name)\(suffix)\(pairs.isEmpty ? "" : "{\(pairs)}") \(value)")
    }

    /// Its lines; empty without samples.
    public var text: String {
        guard !lines.isEmpty else { return "" }
        let head = ["# HELP \(name) \(Self.escaped(help, "\\\n"))", "# TYPE \(name) \(kind.rawValue)"]
        return (head + lines).map { $0 + "\n" }.joined()
    }

    /// The text with a backslash before each of the `special` characters. By scalars: to `Character` a line end after a
    /// carriage return is no line end.
    private static func escaped(_ text: String, _ special: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            if special.unicodeScalars.contains(scalar) { escaped += "\\" }
            escaped.unicodeScalars.append(scalar == "\n" ? "n" : scalar)
        }
    }
}
