/// A text that is compared and hashed by its bytes, as a key of sets and dictionaries that clients can put something into.
///
/// `String` hashes and compares normalized forms. For a text of combining marks that takes a time which grows with the square of
/// its length, seconds for 100 KB, and two spellings of one character would be one key.
public struct ExactText: Hashable, Sendable {
    /// The text itself.
    public let text: String

    public init(_ text: String) { self.text = text }

    /// Whether they have the same bytes: two spellings of one character are different texts.
    public static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}
