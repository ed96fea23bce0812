/// A text that names no tag, and why, as a clause that stands behind "is no tag: ".
public struct InvalidTag: Error, Hashable, Sendable {
    /// As a clause that stands behind "is no tag: ".
    public let reason: String
}

extension Declarations {
    /// Reads a tag that an operator names: `products`, `products:7`, `orders/customer_id=931`.
    ///
    /// - Throws: ``InvalidTag`` for what no read depends on, so that nobody believes to have invalidated something.
    public func tag(reading text: String) throws(InvalidTag) -> Tag {
        let bytes = text.utf8
        guard bytes.count <= Self.maximumTagBytes else { throw InvalidTag(reason: "it is too long") }
        let end = bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") } ?? bytes.endIndex
        let resource = String(text[..<end])
        guard let schema = schema(named: resource) else {
            let hint = NearName.hint(for: resource, among: resources, "expected is one of")
            throw InvalidTag(reason: "there is no resource \(resource.excerpt); \(hint)")
        }
        return try schema.tag(reading: text[end...].utf8)
    }

    /// More than any tag has.
    private static var maximumTagBytes: Int { 256 }
}

extension Schema {
    /// The tag with this behind the name of the resource.
    fileprivate func tag(reading rest: Substring.UTF8View) throws(InvalidTag) -> Tag {
        guard let separator = rest.first else { return setTag }
        let name = Substring(rest.dropFirst())
        if separator == UInt8(ascii: ":") {
            guard let id = id(name) else {
                throw InvalidTag(reason: "the id of \(resource) is \(keyKind.expectation)")
            }
            return tag(of: id)
        }
        let equals = name.utf8.firstIndex(of: UInt8(ascii: "=")) ?? name.endIndex
        let given = String(name[..<equals])
        let parting = references.map { columns[$0].name }
        guard let position = position(of: given), references.contains(position) else {
            let hint = NearName.hint(for: given, among: parting, "it is one of")
            throw InvalidTag(reason: "\(resource) are not parted by \(given.isEmpty ? "nothing" : given.excerpt); \(hint)")
        }
        let column = columns[position]
        guard let value = column.kind.value(from: Substring(name[equals...].utf8.dropFirst())),
            let tag = partitionTag(position, value)
        else {
            throw InvalidTag(reason: "\(column.name) is \(column.kind.expectation)")
        }
        return tag
    }
}
