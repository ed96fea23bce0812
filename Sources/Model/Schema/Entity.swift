/// A resource's row. Its properties are its own fields; identity, version and times come with ``Stored``.
public protocol Entity: Record {
    /// `Int64` where the store counts the rows, ``UUID`` where the service makes the id.
    associatedtype Key: EntityKey
    /// Its table, path and tag: the plural, as in `products`.
    static var resource: String { get }
    /// One of it in a sentence, as in `product`.
    static var singular: String { get }
    /// The records that are parts of one of its rows, and live and die with it.
    static var owned: [OwnedRows] { get }
    /// All that is known of it, made once: `Schema(of: Self.self)`.
    static var schema: Schema { get }
}

extension Entity {
    /// None, unless they are declared.
    public static var owned: [OwnedRows] { [] }
}
