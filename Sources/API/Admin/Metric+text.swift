public import Metrics

/// Prometheus' text-based exposition format, version 0.0.4.
extension Metric {
    /// Its lines; empty without samples.
    public var text: String {
        guard !samples.isEmpty else { return "" }
        var text = "# HELP \(name) \(Self.escaped(help, "\\\n"))\n# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value, "\\\n\""))\"" }.joined(separator: ",")
            text += "\(name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
        }
        return text
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
