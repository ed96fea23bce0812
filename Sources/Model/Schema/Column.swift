/// One column of a row or a record: a field that is declared, or one that every row has.
public struct Column: Sendable {
    /// Its name in JSON, SQL, filters and CSV.
    public let name: String
    public let kind: Kind
    /// Whether it may be null.
    public let isOptional: Bool
    /// The only values it takes, if they are listed.
    public let choices: [String]?
    /// What else holds for its values.
    public let rules: FieldRules
    /// The value that it has where none was given, for one that need not be.
    public let defaultValue: Value?
    /// Whether it is declared; identity, times and version are not, and nobody but the store gives them.
    public let isField: Bool
    /// Whether an index serves lists that are sorted by it and those of the rows that have a value: of an own field as its
    /// declaration says, and of identity and time of creation, which never change.
    public let isIndexed: Bool
    /// Its name as a member of an object: in quotes, with a colon behind.
    public let jsonKey: [UInt8]

    init(
        _ name: String, _ kind: Kind, isOptional: Bool = false, choices: [String]? = nil, rules: FieldRules = FieldRules([]),
        defaultValue: Value? = nil, isField: Bool = false, isIndexed: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.isOptional = isOptional
        self.choices = choices
        self.rules = rules
        self.defaultValue = defaultValue
        self.isField = isField
        self.isIndexed = isIndexed || rules.isIndexed || rules.isUnique || rules.references != nil
        jsonKey = Array("\"\(name)\":".utf8)
    }

    /// Whether lists can be sorted by it.
    public var isSortable: Bool { (rules.length?.upperBound ?? 0) <= FieldRules.maximumSortedLength }
    /// Whether it holds texts so long that a few of them may fill a page (``PageLimits/maximumBytes``).
    public var isLong: Bool { !isSortable }
    /// Whether whoever writes a row may give it.
    public var isGiven: Bool { isField && !rules.isDerived && !rules.isChangedByActions }
    /// Whether whoever makes a row has to give it.
    public var isRequired: Bool { isGiven && defaultValue == nil }

    /// Whether a value can be held: it is of the kind and one of the choices, or a null that is allowed. Its bounds are another
    /// question, see ``problem(with:)``.
    public func fits(_ value: Value) -> Bool {
        if case .null = value { return isOptional }
        guard value.kind == kind else { return false }
        guard let choices, case .text(let text) = value else { return true }
        return choices.contains { ExactText($0) == ExactText(text) }
    }

    /// What is wrong with a value, as a sentence that says what is expected; nil if nothing is.
    public func problem(with value: Value) -> String? {
        guard fits(value) else {
            if case .null = value { return "must not be null" }
            if let choices { return "expects one of \(choices.joined(separator: ", "))" }
            return "expects \(kind.expectation)"
        }
        return rules.problem(with: value)
    }

    /// A value that it can hold, for one that cannot be read.
    public var blank: Value {
        if isOptional { return .null }
        if let choices { return .text(choices.first ?? "") }
        return defaultValue ?? kind.blank
    }
}
