/// A field type whose values are the cases of an enumeration, each stored and sent as its text.
public protocol Choice: FieldType, RawRepresentable, CaseIterable where RawValue == String {}

extension Choice {
    public static var kind: Kind { .text }
    public static var choices: [String]? { allCases.map(\.rawValue) }
    public init?(_ value: Value) {
        // By its bytes: see ``ExactText``.
        guard case .text(let text) = value,
            let choice = Self.allCases.first(where: { ExactText($0.rawValue) == ExactText(text) })
        else { return nil }
        self = choice
    }
    public var value: Value { .text(rawValue) }
}
