/// All that is known of an entity without its type, made once from its declaration: the plan by which rows are read, written
/// and shown.
public final class Schema: Sendable {
    /// The entity's table, path and tag: the plural.
    public let resource: String
    /// One of it in a sentence.
    public let singular: String
    /// `id`, the entity's own fields, `created_at`, `updated_at`, `version`: in the order of columns and of JSON.
    public let columns: [Column]
    /// The positions of the entity's own fields.
    public let fields: Range<Int>
    /// The positions of the fields that are the id of another resource's row. They part the set of rows, for filters and for tags.
    public let references: [Int]
    /// The positions of the fields of which no two rows have the same.
    public let unique: [Int]
    /// What can be shown within a row: the rows that it refers to, and the records that it owns.
    public let parts: [Part]
    /// The records that are parts of a row.
    public let owned: [OwnedRows]
    /// Of what kind the ids are.
    public let keyKind: Kind
    /// Any change of the rows.
    public let setTag: Tag
    let tagPrefix: String
    private let positions: [ExactText: Int]
    private let make: @Sendable () -> Value?
    private let computed: @Sendable ([Value]) -> [Value]

    /// - Parameter entity: whose `schema` this will be.
    public init<E: Entity>(of entity: E.Type) {
        let own = E.fields.map(\.column)
        let columns =
            [Column("id", E.Key.kind, isIndexed: true)] + own + [
                Column("created_at", .timestamp, isIndexed: true), Column("updated_at", .timestamp), Column("version", .integer),
            ]
        resource = E.resource
        singular = E.singular
        keyKind = E.Key.kind
        owned = E.owned
        self.columns = columns
        fields = 1..<own.count + 1
        references = columns.indices.filter { columns[$0].rules.target != nil }
        unique = columns.indices.filter { columns[$0].rules.isUnique }
        let parts = Part.references(of: columns) + E.owned.map { Part(name: $0.name, source: .owned($0)) }
        let positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { (ExactText($1.name), $0) })
        self.parts = parts
        self.positions = positions
        setTag = Tag(E.resource)
        precondition(!parts.contains { positions[ExactText($0.name)] != nil }, "a part of \(E.resource) is called as a field")
        precondition(!own.contains { $0.kind == .moneySum }, "a sum of \(E.resource) is computed, not stored")
        tagPrefix = E.resource + ":"
        make = { E.Key.make()?.value }
        computed = { values in
            var record = E(values: values)
            record.derive()
            return record.values
        }
    }

    /// Where a column stands in ``columns``; nil if there is none of that name.
    public func position(of name: String) -> Int? { positions[ExactText(name)] }

    /// The entity's own fields.
    public var fieldColumns: ArraySlice<Column> { columns[fields] }

    /// The columns of values that long texts can have.
    public var longColumns: [Int] { columns.indices.filter { columns[$0].isLong } }

    /// An id for a new row; nil if the store counts them.
    public func makeID() -> Value? { make() }

    /// The values of the own fields with those that follow from others computed anew.
    public func derived(_ fields: [Value]) -> [Value] { computed(fields) }

    /// The id that a text names, as in a path; nil if it is none.
    public func id(_ text: some StringProtocol) -> Value? { keyKind.value(from: text) }

    /// The values of the own fields of a row to which nothing was given yet: the defaults, and of the others something that stands
    /// in their places.
    public var blankFields: [Value] { fieldColumns.map { $0.defaultValue ?? $0.blank } }
}

extension Schema: Hashable {
    /// Each entity has one, so that it is the same object.
    public static func == (a: Schema, b: Schema) -> Bool { a === b }
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// Something that can be shown within a row, as an article's author is.
public struct Part: Sendable {
    /// Its name in `include` and in JSON.
    public let name: String
    /// Where it comes from.
    public let source: Source

    /// Where it comes from.
    public enum Source: Sendable {
        /// The row of an entity whose id is in a column.
        case reference(column: Int, any Entity.Type)
        /// The records that the row owns.
        case owned(OwnedRows)
    }

    /// What follows from the references among columns: `author` from `author_id`.
    static func references(of columns: [Column]) -> [Part] {
        columns.indices.compactMap { position in
            let column = columns[position]
            guard let target = column.rules.target, column.name.hasSuffix("_id") else { return nil }
            return Part(name: String(column.name.dropLast(3)), source: .reference(column: position, target))
        }
    }
}
