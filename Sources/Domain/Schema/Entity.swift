/// A set of fields that are read and written together: what a row holds beside its identity.
public protocol Record: Sendable {
    /// With the defaults of the fields that have one.
    init()
    /// The one declaration of the fields: SQL, row codec, JSON, validation, filters and tags follow from it.
    static var fields: [Field<Self>] { get }
    /// Computes what follows from other fields. Called before every insert and update; what is imported stays as it is.
    mutating func derive()
}

extension Record {
    public mutating func derive() {}
}

/// A resource's row. Its properties are its own fields; identity, version and times come with ``Stored``.
public protocol Entity: Record {
    /// `Int64` where the store counts the rows, ``UUID`` where the service makes the id.
    associatedtype Key: EntityKey
    /// Its table, path and tag: the plural, as in `products`.
    static var resource: String { get }
    /// One of it in a sentence, as in `product`.
    static var singular: String { get }
    /// What can be shown within a row: the rows that it refers to, if nothing else is said.
    static var parts: [Part] { get }
    /// All that is known of it, made once.
    static var schema: Schema<Self> { get }
}

extension Entity {
    public static var parts: [Part] { Part.references(of: fields) }
}

/// A row as the store has it.
@dynamicMemberLookup
public struct Stored<E: Entity>: Sendable {
    public var id: ID<E>
    public var value: E
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
    /// 1 for a new row, and one more with each change.
    public var version: Int64
    /// The columns that hold what their declaration does not allow, and are blank here. Only a row that was found in order to
    /// be replaced has any.
    public var unreadable: [String] = []

    public init(id: ID<E>, value: E, createdAt: Timestamp, updatedAt: Timestamp, version: Int64) {
        self.id = id
        self.value = value
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    /// A row for a reader of columns to fill.
    public init() {
        self.init(
            id: ID(E.Key.blank), value: E(), createdAt: Timestamp(microseconds: 0), updatedAt: Timestamp(microseconds: 0),
            version: 1)
    }

    public subscript<Property>(dynamicMember path: KeyPath<E, Property>) -> Property { value[keyPath: path] }
}
