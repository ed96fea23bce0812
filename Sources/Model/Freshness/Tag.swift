/// What a value depends on: a row (`products:7`), any change of a resource's rows (`products`), or any change of a
/// part of them (`orders/customer_id=931`).
///
/// Reads record the tags that they depend on, writes record the tags that they touch.
public struct Tag: Hashable, Sendable, CustomStringConvertible {
    /// Its name, unique within the service.
    public let name: String

    public init(_ name: String) { self.name = name }

    public var description: String { name }
}
