/// A text that names no tag, and why, as a clause that stands behind "is no tag: ".
public struct InvalidTag: Error, Hashable, Sendable {
    public let reason: String
}

extension Tag {
    /// Reads a tag that an operator names: `products`, `products:7`, `orders/customer_id=931`.
    ///
    /// - Throws: ``InvalidTag`` for what no read depends on, so that nobody believes to have invalidated something.
    public init(reading text: String) throws(InvalidTag) {
        let bytes = text.utf8
        guard bytes.count <= Self.maximumReadBytes else { throw InvalidTag(reason: "it is too long") }
        let end = bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") } ?? bytes.endIndex
        let resource = String(text[..<end])
        guard let entity = Resources.named(resource) else {
            let hint = NearName.hint(for: resource, among: Resources.names, "expected is one of")
            throw InvalidTag(reason: "there is no resource \(resource.excerpt); \(hint)")
        }
        self = try entity.tag(reading: text[end...].utf8)
    }

    /// More than any tag has.
    private static var maximumReadBytes: Int { 256 }
}

extension Entity {
    /// The tag with this behind the name of the resource.
    fileprivate static func tag(reading rest: Substring.UTF8View) throws(InvalidTag) -> Tag {
        guard let separator = rest.first else { return setTag }
        let name = Substring(rest.dropFirst())
        if separator == UInt8(ascii: ":") {
            guard let id = Key.kind.value(from: name).flatMap({ ID<Self>($0) }) else {
                throw InvalidTag(reason: "the id of \(resource) is \(Key.kind.expectation)")
            }
            return tag(of: id)
        }
        let equals = name.utf8.firstIndex(of: UInt8(ascii: "=")) ?? name.endIndex
        let given = String(name[..<equals])
        guard let field = schema.references.first(where: { $0.name == given }) else {
            let hint = NearName.hint(for: given, among: schema.references.map(\.name), "it is one of")
            throw InvalidTag(reason: "\(resource) are not parted by \(given.isEmpty ? "nothing" : given.excerpt); \(hint)")
        }
        guard let value = field.kind.value(from: Substring(name[equals...].utf8.dropFirst())),
            let tag = partitionTag(field, value)
        else {
            throw InvalidTag(reason: "\(field.name) is \(field.kind.expectation)")
        }
        return tag
    }
}
