/// One field of a record: its column, and the property that holds it.
@dynamicMemberLookup
public struct Field<R: Record>: Sendable {
    /// What is known of it without its record's type.
    public let column: Column
    /// The property.
    let path: any PartialKeyPath<R> & Sendable
    private let get: @Sendable (R) -> Value
    private let set: @Sendable (inout R, Value) -> Bool

    /// Declares a field.
    ///
    /// - Parameters:
    ///   - name: small letters, digits and underscores: it is that of the column, of the member in JSON and of the filter.
    ///   - path: the property that holds it. Its type settles the kind and whether null is allowed.
    ///   - rules: what else holds for it, in any order.
    public init<Property: FieldType>(
        _ name: String, _ path: any WritableKeyPath<R, Property> & Sendable, _ rules: FieldRule...
    ) {
        let rules = FieldRules(rules)
        let needsNoValue = rules.hasDefault || rules.isChangedByActions || Property.isOptional
        self.path = path
        column = Column(
            name, Property.kind, isOptional: Property.isOptional, choices: Property.choices, rules: rules,
            defaultValue: needsNoValue ? R()[keyPath: path].value : nil, isField: true)
        get = { $0[keyPath: path].value }
        set = { record, value in
            guard let property = Property(value) else { return false }
            record[keyPath: path] = property
            return true
        }
        precondition(name.isDeclarable, "\(name) is no name of a field: \(String.declarableExpectation)")
        precondition(Property.kind != .text || Property.choices != nil || rules.length != nil, "\(name) needs a length")
        precondition(
            !rules.isIndexed || (rules.length?.upperBound ?? 0) <= FieldRules.maximumIndexedLength,
            "\(name) is too long for an index")
    }

    public subscript<Property>(dynamicMember path: KeyPath<Column, Property>) -> Property { column[keyPath: path] }

    public func value(of record: R) -> Value { get(record) }

    /// Puts a value in.
    ///
    /// - Returns: false, and nothing has changed, if it is of another kind, a null that is not allowed, or no choice.
    public func assign(_ value: Value, to record: inout R) -> Bool { set(&record, value) }
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
    /// It is the id of a row of that entity.
    case references(any Entity.Type)
    /// Lists are sorted and filtered by it so often that it is worth an index. References and unique fields have one anyway.
    case indexed
    /// It need not be given: the property's initial value stands for it.
    case hasDefault
    /// The service computes it; nobody gives it.
    case derived
    /// Actions change it; nobody gives it otherwise. The property's initial value stands for it in a new row.
    case changedByActions
}

/// The rules of one field, sorted out.
public struct FieldRules: Sendable {
    /// How many characters (Unicode scalars) a text has.
    public private(set) var length: ClosedRange<Int>?
    /// The least and the greatest value of a number.
    public private(set) var range: ClosedRange<Int64>?
    /// The least and the greatest amount.
    public private(set) var amount: ClosedRange<Money>?
    /// Whether it is an address.
    public private(set) var isEmail = false
    /// Whether no two rows have the same.
    public private(set) var isUnique = false
    /// Of which entity it names a row.
    public private(set) var target: (any Entity.Type)?
    /// Whether it was declared to be worth an index.
    public private(set) var isIndexed = false
    /// Whether it need not be given.
    public private(set) var hasDefault = false
    /// Whether the service computes it.
    public private(set) var isDerived = false
    /// Whether actions alone change it.
    public private(set) var isChangedByActions = false

    /// Of which resource it names a row.
    public var references: String? { target?.resource }

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
            case .references(let entity): target = entity
            case .indexed: isIndexed = true
            case .hasDefault: hasDefault = true
            case .derived: isDerived = true
            case .changedByActions: isChangedByActions = true
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
