/// A set of fields that are read and written together: what a row holds beside its identity, an element of a list, a body.
public protocol Record: Sendable, JSONEncodable {
    /// With the defaults of the fields that have one.
    init()
    /// The one declaration of the fields: SQL, row codec, JSON, validation, filters and tags follow from it.
    static var fields: [Field<Self>] { get }
    /// The lists that it has beside its fields, for a record that is computed: a view's. Rows have none.
    static var lists: [RecordList<Self>] { get }
    /// Computes what follows from other fields. Called before every insert and update; what is imported stays as it is.
    mutating func derive()
}

extension Record {
    /// None, unless they are declared.
    public static var lists: [RecordList<Self>] { [] }
    /// Nothing follows from other fields, unless it is declared.
    public mutating func derive() {}

    /// A record of values in the order of ``fields``. What does not fit its field is left at its default.
    public init(values: some Sequence<Value>) {
        self.init()
        for (field, value) in zip(Self.fields, values) { _ = field.assign(value, to: &self) }
    }

    /// Its values in the order of ``fields``.
    public var values: [Value] { Self.fields.map { $0.value(of: self) } }

    /// Writes the record as an object: its fields, then its lists.
    public func encode(to json: inout JSONWriter) {
        json.object { json in
            for field in Self.fields {
                json.key(field.name)
                json.value(field.value(of: self))
            }
            for list in Self.lists {
                json.key(list.shape.name)
                json.array { json in list.encode(self, to: &json) }
            }
        }
    }
}

/// A list within a computed record: of records, or of rows as clients know them.
public struct RecordList<R: Record>: Sendable {
    /// What it looks like, for the description of the API.
    public let shape: ListShape
    private let write: @Sendable (R, inout JSONWriter) -> Void

    /// A list of records.
    public init<Element: Record>(_ name: String, _ path: any KeyPath<R, [Element]> & Sendable) {
        shape = ListShape(name: name, element: .record(RecordShape(of: Element.self)))
        write = { record, json in
            for element in record[keyPath: path] { element.encode(to: &json) }
        }
    }

    /// A list of rows.
    public init<E: Entity>(_ name: String, _ path: any KeyPath<R, [Stored<E>]> & Sendable) {
        shape = ListShape(name: name, element: .row(E.self))
        write = { record, json in
            for row in record[keyPath: path] { row.encode(to: &json) }
        }
    }

    /// Writes the elements of the list that `record` has.
    func encode(_ record: R, to json: inout JSONWriter) { write(record, &json) }
}

/// What a record looks like, whatever its type.
public struct RecordShape: Sendable {
    /// Its fields, in their order.
    public let columns: [Column]
    /// Its lists, which stand behind the fields.
    public let lists: [ListShape]

    public init<R: Record>(of record: R.Type) {
        columns = R.fields.map(\.column)
        lists = R.lists.map(\.shape)
    }
}

/// What a list within a record looks like.
public struct ListShape: Sendable {
    /// Its name in JSON.
    public let name: String
    /// What it holds.
    public let element: Element

    /// What a list holds.
    public enum Element: Sendable {
        case record(RecordShape)
        /// A row of this entity, as clients know it.
        case row(any Entity.Type)
    }
}
