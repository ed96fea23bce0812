public import Model

/// What a read returned, and on which tags it depends.
public struct Reading: Equatable, Sendable {
    /// The representation; nil if there was nothing.
    public let text: String?
    /// On what it depends.
    public let tags: Set<Tag>
    /// The cursor of the next page, if it is a page and there is one.
    public let next: String?

    /// - Parameter context: that of the read.
    public init(_ encoded: Encoded?, _ context: ReadContext) {
        text = encoded.map { String(decoding: $0.bytes, as: UTF8.self) }
        next = encoded?.next
        tags = Set(context.tags)
    }
}

extension Set<Tag> {
    /// For messages.
    var names: [String] { map(\.name).sorted() }
}
