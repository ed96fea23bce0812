/// What samples are made of. A field whose name is not here gets its name and a number.
public struct SampleWords: Sendable {
    /// Texts, by the names of their fields.
    public var texts: [String: [String]]
    /// What numbers and amounts (in hundredths) are usually like, by the names of their fields.
    public var numbers: [String: ClosedRange<Int64>]

    public init(texts: [String: [String]] = [:], numbers: [String: ClosedRange<Int64>] = [:]) {
        self.texts = texts
        self.numbers = numbers
    }

    /// A field's name as it begins a sentence: `favourite_colour` is `Favourite colour`.
    static func title(_ name: String) -> String {
        name.prefix(1).uppercased() + name.dropFirst().map { $0 == "_" ? " " : $0 }
    }
}
