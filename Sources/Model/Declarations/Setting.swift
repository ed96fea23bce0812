/// A setting of the domain: an environment variable, declared beside what uses it.
public struct Setting<Value: Sendable>: AnySetting {
    /// The variable.
    public let name: String
    public let defaultValue: Value
    /// What is expected, as it stands behind "expected is" in an error.
    public let expectation: String
    /// What it is for, in a sentence, for `larder config` and the documentation.
    public let summary: String
    private let parse: @Sendable (String) -> Value?

    /// Declares it.
    ///
    /// - Parameter parse: reads the variable's text; nil if it is not as expected.
    public init(
        _ name: String, default defaultValue: Value, expects expectation: String, _ summary: String,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.name = name
        self.defaultValue = defaultValue
        self.expectation = expectation
        self.summary = summary
        self.parse = parse
    }

    public var defaultText: String { "\(defaultValue)" }

    public func read(_ text: String) -> (value: any Sendable, text: String)? { parse(text).map { ($0, "\($0)") } }
}

/// A ``Setting``, whatever its type.
public protocol AnySetting: Sendable {
    var name: String { get }
    var expectation: String { get }
    var summary: String { get }
    /// The default as `larder config` shows it.
    var defaultText: String { get }
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

    public subscript<Value>(setting: Setting<Value>) -> Value {
        get { values[setting.name] as? Value ?? setting.defaultValue }
        set { values[setting.name] = newValue }
    }
}
