/// A field type whose values are the cases of an enumeration, each stored and sent as its text.
public protocol Choice: FieldType, RawRepresentable, CaseIterable where RawValue == String {}

extension Choice {
    public static var kind: Kind { .text }
    public static var choices: [String]? { allCases.map(\.rawValue) }
    public init?(_ value: Value) {
        guard case .text(let text) = value else { return nil }
        self.init(rawValue: text)
    }
    public var value: Value { .text(rawValue) }
}
