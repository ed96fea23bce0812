/// One field of a record: its name, its type, and what is allowed in it.
public struct Field<R: Record>: Sendable {
    /// Its name in JSON, SQL, filters and CSV.
    public let name: String
    public let kind: Kind
    /// Whether it may be null.
    public let isOptional: Bool
    /// The only values it takes, if they are listed.
    public let choices: [String]?
    public let rules: FieldRules

    /// The value that it has where none was given, for a field that need not be.
    public let defaultValue: Value?

    private let get: @Sendable (R) -> Value
    private let set: @Sendable (inout R, Value) -> Bool

    /// Declares a field.
    ///
    /// - Parameters:
    ///   - path: the property that holds it. Its type settles the kind and whether null is allowed.
    ///   - rules: what else holds for it, in any order.
    public init<Property: FieldType>(
        _ name: String, _ path: any WritableKeyPath<R, Property> & Sendable, _ rules: FieldRule...
    ) {
        self.name = name
        self.rules = FieldRules(rules)
        kind = Property.kind
        isOptional = Property.isOptional
        choices = Property.choices
        defaultValue = self.rules.hasDefault || Property.isOptional ? R()[keyPath: path].value : nil
        get = { $0[keyPath: path].value }
        set = { record, value in
            guard let property = Property(value) else { return false }
            record[keyPath: path] = property
            return true
        }
        precondition(kind != .text || choices != nil || self.rules.length != nil, "\(name) needs a length")
        precondition(
            !self.rules.isIndexed || (self.rules.length?.upperBound ?? 0) <= FieldRules.maximumIndexedLength,
            "\(name) is too long for an index")
    }

    /// Whether a user has to give it when he creates a row.
    public var isRequired: Bool { defaultValue == nil && !rules.isDerived }

    public func value(of record: R) -> Value { get(record) }

    /// Puts a value in.
    ///
    /// - Returns: false, and nothing has changed, if it is of another kind, a null that is not allowed, or no choice.
    public func assign(_ value: Value, to record: inout R) -> Bool { set(&record, value) }

    /// What is wrong with a value, as a sentence that says what is expected; nil if nothing is.
    public func problem(with value: Value) -> String? {
        var blank = R()
        guard set(&blank, value) else {
            if case .null = value { return "must not be null" }
            if let choices { return "expects one of \(choices.joined(separator: ", "))" }
            return "expects \(kind.expectation)"
        }
        return rules.problem(with: value)
    }
}

/// What holds for a field beside its type.
public enum FieldRule: Sendable {
    /// How many characters (Unicode scalars) a text has.
    case length(ClosedRange<Int>)
    /// The least and the greatest value of a number.
    case range(ClosedRange<Int64>)
    /// The least and the greatest amount.
    case amount(ClosedRange<Money>)
    /// An address with one `@` between two parts, without whitespace and control characters.
    case email
    /// No two rows have the same.
    case unique
    /// It is the id of a row of the named resource.
    case references(String)
    /// Lists are sorted and filtered by it so often that it is worth an index. References and unique fields have one anyway.
    case indexed
    /// It need not be given: the property's initial value stands for it.
    case hasDefault
    /// The service computes it; nobody gives it.
    case derived
}

/// The rules of one field, sorted out.
public struct FieldRules: Sendable {
    public private(set) var length: ClosedRange<Int>?
    public private(set) var range: ClosedRange<Int64>?
    public private(set) var amount: ClosedRange<Money>?
    public private(set) var isEmail = false
    public private(set) var isUnique = false
    public private(set) var references: String?
    public private(set) var isIndexed = false
    public private(set) var hasDefault = false
    public private(set) var isDerived = false

    /// How many characters a text in an index has at most: an entry of a PostgreSQL index has no room for 2,704 bytes.
    static let maximumIndexedLength = 600
    /// How many characters a text has at most by which lists can be sorted: a cursor has the text, and a URL has the cursor.
    static let maximumSortedLength = 1_000

    init(_ rules: [FieldRule]) {
        for rule in rules {
            switch rule {
            case .length(let bounds): length = bounds
            case .range(let bounds): range = bounds
            case .amount(let bounds): amount = bounds
            case .email: isEmail = true
            case .unique: isUnique = true
            case .references(let resource): references = resource
            case .indexed: isIndexed = true
            case .hasDefault: hasDefault = true
            case .derived: isDerived = true
            }
        }
    }

    func problem(with value: Value) -> String? {
        switch value {
        case .text(let text):
            if let length, !length.contains(text.unicodeScalars.count) {
                return length.lowerBound == 0
                    ? "has at most \(length.upperBound) characters"
                    : "has \(length.lowerBound) to \(length.upperBound) characters"
            }
            if isEmail, !Self.isEmail(text) { return "expects an e-mail address such as name@example.org" }
            if text.utf8.contains(0) { return "expects \(Kind.text.expectation)" }
        case .integer(let number):
            if let range, !range.contains(number) { return "is from \(range.lowerBound) to \(range.upperBound)" }
        case .money(let money):
            let bounds = amount ?? Money(cents: -Money.limit.cents)...Money.limit
            if !bounds.contains(money) { return "is from \(bounds.lowerBound) to \(bounds.upperBound)" }
        default:
            break
        }
        return nil
    }

    /// By scalars: to `Character` an `@` with a combining mark is no `@`.
    private static func isEmail(_ text: String) -> Bool {
        let parts = text.unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && !text.unicodeScalars.contains { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
    }
}

extension FieldRule {
    public static func references<E: Entity>(_ entity: E.Type) -> FieldRule { .references(E.resource) }
}
