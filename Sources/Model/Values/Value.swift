/// What a field holds, of any type: the common form between rows, JSON, filters and cursors.
public enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case text(String)
    case money(Money)
    case day(Day)
    case timestamp(Timestamp)
    case uuid(UUID)
    case moneySum(MoneySum)

    /// Texts are equal if their bytes are, as in PostgreSQL. To `String`, two spellings of one character are equal too,
    /// which would make a change of spelling no change, and contradict the order of sorting.
    public static func == (a: Value, b: Value) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
        case (.money(let a), .money(let b)): a == b
        case (.day(let a), .day(let b)): a == b
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.uuid(let a), .uuid(let b)): a == b
        case (.moneySum(let a), .moneySum(let b)): a == b
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: break
        case .bool(let bool): hasher.combine(bool)
        case .integer(let integer): hasher.combine(integer)
        case .text(let text): hasher.combine(ExactText(text))
        case .money(let money): hasher.combine(money)
        case .day(let day): hasher.combine(day)
        case .timestamp(let timestamp): hasher.combine(timestamp)
        case .uuid(let uuid): hasher.combine(uuid)
        case .moneySum(let sum): hasher.combine(sum)
        }
    }
}

/// The types that fields have, each with its form in SQL, in JSON and in text.
public enum Kind: Hashable, Sendable {
    case bool, integer, text, money, day, timestamp, uuid
    /// Computed, never stored: a sum may be more than one amount can be.
    case moneySum
}

extension Kind {
    /// Reads a value from its text: a column of PostgreSQL, a cell of CSV, a filter or part of a path.
    ///
    /// - Returns: nil if the text is not of this kind.
    public func value(from text: some StringProtocol) -> Value? {
        switch self {
        case .bool: Self.bool(text).map(Value.bool)
        case .integer: Self.integer(text).map(Value.integer)
        case .text: text.utf8.contains(0) ? nil : .text(String(text))
        case .money: Money(text).map(Value.money)
        case .day: Day(text).map(Value.day)
        case .timestamp: Timestamp(text).map(Value.timestamp)
        case .uuid: UUID(text).map(Value.uuid)
        case .moneySum: MoneySum(String(text)).map(Value.moneySum)
        }
    }

    private static func bool(_ text: some StringProtocol) -> Bool? {
        guard text.utf8.count <= "false".utf8.count else { return nil }  // see ExactText
        switch text {
        case "true", "t", "1": return true
        case "false", "f", "0": return false
        default: return nil
        }
    }

    /// Digits with an optional minus; `Int64` would take a plus too.
    private static func integer(_ text: some StringProtocol) -> Int64? {
        text.utf8.first == UInt8(ascii: "+") ? nil : Int64(text)
    }

    /// What a user has to write, as in "expects a whole number".
    public var expectation: String {
        switch self {
        case .bool: "true or false"
        case .integer: "a whole number between -9223372036854775808 and 9223372036854775807"
        case .text: "text without NUL characters"
        case .money: "a decimal string with at most two decimals, such as \"34.47\""
        case .day: "a date as YYYY-MM-DD"
        case .timestamp: "a time as RFC 3339 has it, such as 2026-11-21T09:21:14Z"
        case .uuid: "a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"
        case .moneySum: "a decimal string with two decimals, such as \"108.25\""
        }
    }

    /// A value of this kind that stands where none can be read.
    var blank: Value {
        switch self {
        case .bool: .bool(false)
        case .integer: .integer(0)
        case .text: .text("")
        case .money: .money(Money(cents: 0))
        case .day: .day(Day(number: 0))
        case .timestamp: .timestamp(Timestamp(microseconds: 0))
        case .uuid: .uuid(.zero)
        case .moneySum: .moneySum(MoneySum())
        }
    }
}

extension Value {
    /// Of which kind it is; nil for null.
    public var kind: Kind? {
        switch self {
        case .null: nil
        case .bool: .bool
        case .integer: .integer
        case .text: .text
        case .money: .money
        case .day: .day
        case .timestamp: .timestamp
        case .uuid: .uuid
        case .moneySum: .moneySum
        }
    }

    /// Its text, as ``Kind/value(from:)`` reads it; nil for null.
    public var text: String? {
        switch self {
        case .null: nil
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .text(let value): value
        case .money(let value): value.description
        case .day(let value): value.description
        case .timestamp(let value): value.description
        case .uuid(let value): value.description
        case .moneySum(let value): value.description
        }
    }

    /// The order of sorting: null comes after everything, text by its UTF-8 bytes (the collation "C").
    public static func isOrderedBefore(_ a: Value, _ b: Value) -> Bool {
        switch (a, b) {
        case (.null, _): false
        case (_, .null): true
        case (.bool(let a), .bool(let b)): !a && b
        case (.integer(let a), .integer(let b)): a < b
        case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.money(let a), .money(let b)): a < b
        case (.day(let a), .day(let b)): a < b
        case (.timestamp(let a), .timestamp(let b)): a < b
        case (.uuid(let a), .uuid(let b)): a < b
        case (.moneySum(let a), .moneySum(let b)): a.cents < b.cents
        default: preconditionFailure("values of two kinds are compared: \(a), \(b)")
        }
    }
}

/// A Swift type that a field can have.
public protocol FieldType: Sendable {
    static var kind: Kind { get }
    /// Whether a null is allowed.
    static var isOptional: Bool { get }
    /// The only values that it takes, for a type that lists its cases.
    static var choices: [String]? { get }
    /// Nil if the value is of another kind or not one of the choices.
    init?(_ value: Value)
    var value: Value { get }
}

extension FieldType {
    public static var isOptional: Bool { false }
    public static var choices: [String]? { nil }
}

extension Bool: FieldType {
    public static var kind: Kind { .bool }
    public init?(_ value: Value) {
        guard case .bool(let bool) = value else { return nil }
        self = bool
    }
    public var value: Value { .bool(self) }
}

extension Int64: FieldType {
    public static var kind: Kind { .integer }
    @inlinable
    public init?(_ value: Value) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
    public var value: Value { .integer(self) }
}

extension String: FieldType {
    public static var kind: Kind { .text }
    public init?(_ value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
    public var value: Value { .text(self) }
}

extension Money: FieldType {
    public static var kind: Kind { .money }
    public init?(_ value: Value) {
        guard case .money(let money) = value else { return nil }
        self = money
    }
    public var value: Value { .money(self) }
}

extension Day: FieldType {
    public static var kind: Kind { .day }
    public init?(_ value: Value) {
        guard case .day(let day) = value else { return nil }
        self = day
    }
    public var value: Value { .day(self) }
}

extension Timestamp: FieldType {
    public static var kind: Kind { .timestamp }
    public init?(_ value: Value) {
        guard case .timestamp(let timestamp) = value else { return nil }
        self = timestamp
    }
    public var value: Value { .timestamp(self) }
}

extension MoneySum: FieldType {
    public static var kind: Kind { .moneySum }
    public init?(_ value: Value) {
        guard case .moneySum(let sum) = value else { return nil }
        self = sum
    }
    public var value: Value { .moneySum(self) }
}

extension UUID: FieldType {
    public static var kind: Kind { .uuid }
    public init?(_ value: Value) {
        guard case .uuid(let uuid) = value else { return nil }
        self = uuid
    }
    public var value: Value { .uuid(self) }
}

extension Optional: FieldType where Wrapped: FieldType {
    public static var kind: Kind { Wrapped.kind }
    public static var isOptional: Bool { true }
    public static var choices: [String]? { Wrapped.choices }
    public init?(_ value: Value) {
        if case .null = value {
            self = .none
        } else if let wrapped = Wrapped(value) {
            self = .some(wrapped)
        } else {
            return nil
        }
    }
    public var value: Value { self?.value ?? .null }
}
