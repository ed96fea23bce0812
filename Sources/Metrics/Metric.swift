/// What was counted, with its name and its sentence for operators. Declared beside the counter, by what counts.
public struct Metric: Sendable, Equatable {
    /// How its value goes: up alone, up and down, or by buckets.
    public enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    /// Letters, digits and underscores, with the unit at its end.
    public let name: String
    /// What it says, in a sentence.
    public let help: String
    public let kind: Kind
    /// Its values, each with what tells it from the others.
    public private(set) var samples: [Sample] = []

    public init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    /// One that only grows.
    ///
    /// - Parameter help: what it says, in a sentence.
    public static func counter(_ name: String, _ help: String, _ value: some MetricValue) -> Metric {
        single(name, .counter, help, value)
    }

    /// One that goes up and down.
    ///
    /// - Parameter help: what it says, in a sentence.
    public static func gauge(_ name: String, _ help: String, _ value: some MetricValue) -> Metric {
        single(name, .gauge, help, value)
    }

    private static func single(_ name: String, _ kind: Kind, _ help: String, _ value: some MetricValue) -> Metric {
        var metric = Metric(name, kind, help)
        metric.add(value)
        return metric
    }

    /// Adds a sample.
    ///
    /// - Parameter suffix: what follows the name, as `_bucket` for a histogram.
    public mutating func add(
        _ value: some MetricValue, _ labels: KeyValuePairs<String, String> = [:], suffix: String = ""
    ) {
        samples.append(Sample(labels.map { Label(name: $0, value: $1) }, suffix, value.number))
    }

    /// Adds up what was counted in several places. What only the other one has stands where it stands there.
    mutating func add(_ other: Metric) {
        var place = 0
        for sample in other.samples {
            if let known = samples[place...].firstIndex(where: sample.isAlike)
                ?? samples[..<place].firstIndex(where: sample.isAlike)
            {
                samples[known].value += sample.value
                place = known
            } else {
                samples.insert(sample, at: place)
            }
            place += 1
        }
    }
}

extension Metric {
    /// One value of a metric.
    public struct Sample: Sendable, Equatable {
        /// What tells it from the metric's other samples.
        public let labels: [Label]
        /// What follows the metric's name, as `_bucket` for a histogram.
        public let suffix: String
        public fileprivate(set) var value: Number

        fileprivate init(_ labels: [Label], _ suffix: String, _ value: Number) {
            self.labels = labels
            self.suffix = suffix
            self.value = value
        }

        /// Whether the two count the same.
        fileprivate func isAlike(_ other: Sample) -> Bool { suffix == other.suffix && labels == other.labels }
    }

    /// What tells a sample from the others.
    public struct Label: Sendable, Equatable {
        /// What is told of it.
        public let name: String
        /// What it is here.
        public let value: String
    }

    /// A whole number, or one with a fraction.
    public enum Number: Sendable, Equatable, CustomStringConvertible {
        case whole(Int)
        case real(Double)

        public var description: String {
            switch self {
            case .whole(let value): "\(value)"
            case .real(let value): "\(value)"
            }
        }

        fileprivate static func += (sum: inout Number, other: Number) {
            switch (sum, other) {
            case (.whole(let a), .whole(let b)): sum = .whole(a + b)
            case (.whole(let a), .real(let b)): sum = .real(Double(a) + b)
            case (.real(let a), .whole(let b)): sum = .real(a + Double(b))
            case (.real(let a), .real(let b)): sum = .real(a + b)
            }
        }
    }
}

/// What a counter may be of.
public protocol MetricValue {
    /// As a sample has it.
    var number: Metric.Number { get }
}

extension Int: MetricValue {
    /// Itself.
    public var number: Metric.Number { .whole(self) }
}

extension UInt64: MetricValue {
    /// No counter gets as far as the last half of them.
    public var number: Metric.Number { .whole(Int(clamping: self)) }
}

extension Double: MetricValue {
    /// Itself.
    public var number: Metric.Number { .real(self) }
}
