/// A setting: an environment variable, declared beside what uses it.
public struct Setting<Value: Sendable>: AnySetting {
    /// The variable.
    public let name: String
    /// Its value where the variable is not set.
    public let defaultValue: Value
    /// The default as the documentation has it.
    public let defaultText: String
    /// What is expected, as it stands behind "expected is" in an error.
    public let expectation: String
    /// What it is for, in a sentence, for `larder help config`.
    public let summary: String
    private let parse: @Sendable (String) -> Value?
    private let show: @Sendable (Value) -> String

    /// Declares it.
    ///
    /// - Parameters:
    ///   - words: what the default is, if that is not one value.
    ///   - parse: reads the variable's text; nil if it is not as expected.
    ///   - show: a value as `larder config` has it.
    public init(
        _ name: String, default defaultValue: Value, inWords words: String? = nil, expects expectation: String,
        _ summary: String, parse: @escaping @Sendable (String) -> Value?,
        show: @escaping @Sendable (Value) -> String = { "\($0)" }
    ) {
        self.name = name
        self.defaultValue = defaultValue
        defaultText = words ?? show(defaultValue)
        self.expectation = expectation
        self.summary = summary
        self.parse = parse
        self.show = show
    }

    /// Reads the variable's text; nil if it is not as expected.
    public func value(of text: String) -> Value? { parse(text) }

    /// A value as `larder config` has it.
    public func text(of value: Value) -> String { show(value) }

    /// Reads the variable's text, whatever the type.
    public func read(_ text: String) -> (value: any Sendable, text: String)? { parse(text).map { ($0, show($0)) } }

    /// The default as `larder config` has it, whatever the type.
    public var shownDefault: String { show(defaultValue) }
}

extension Setting<Int> {
    /// A whole number within a range.
    public init(
        _ name: String, default defaultValue: Int, inWords words: String? = nil, in range: ClosedRange<Int>, _ summary: String
    ) {
        let expectation = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        self.init(name, default: defaultValue, inWords: words, expects: expectation, summary) { text in
            guard !text.hasPrefix("+"), let value = Int(text), range.contains(value) else { return nil }
            return value
        }
    }
}

extension Setting<String> {
    /// Any text.
    public init(_ name: String, default defaultValue: String, inWords words: String? = nil, _ summary: String) {
        self.init(name, default: defaultValue, inWords: words, expects: "a text", summary) { $0 }
    }
}

extension Setting where Value: RawRepresentable<String> & CaseIterable {
    /// One of a few words.
    public init(_ name: String, default defaultValue: Value, inWords words: String? = nil, _ summary: String) {
        let expectation = Value.allCases.map(\.rawValue).joined(separator: " or ")
        self.init(
            name, default: defaultValue, inWords: words, expects: expectation, summary, parse: { Value(rawValue: $0) },
            show: { $0.rawValue })
    }
}

/// A ``Setting``, whatever its type.
public protocol AnySetting: Sendable {
    /// The variable.
    var name: String { get }
    /// What is expected, as it stands behind "expected is" in an error.
    var expectation: String { get }
    /// What it is for, in a sentence.
    var summary: String { get }
    /// The default as the documentation has it.
    var defaultText: String { get }
    /// The default as `larder config` has it.
    var shownDefault: String { get }
    /// - Returns: the value, and how it is shown; nil if the text is not as expected.
    func read(_ text: String) -> (value: any Sendable, text: String)?
}

/// The values of the domain's settings.
public struct Settings: Sendable {
    private var values: [String: any Sendable] = [:]

    /// All at their defaults.
    public init() {}

    /// Takes what ``AnySetting/read(_:)`` read.
    public mutating func set(_ setting: some AnySetting, _ value: any Sendable) { values[setting.name] = value }

    /// The value in force.
    public subscript<Value>(setting: Setting<Value>) -> Value {
        get { values[setting.name] as? Value ?? setting.defaultValue }
        set { values[setting.name] = newValue }
    }
}
