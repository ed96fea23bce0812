/// All that is known of an entity: its fields with those that every entity has, in the order of columns and of JSON.
public struct Schema<E: Entity>: Sendable {
    /// `id`, the entity's own fields, `created_at`, `updated_at`, `version`.
    public let columns: [Column<E>]
    /// Fields that are the id of another resource's row. They part the set of rows, for filters and for tags.
    public let references: [Field<E>]
    private let positions: [ExactText: Int]

    public init() {
        let fields = E.fields
        columns =
            [
                Column("id", ID<E>.kind, isIndexed: true) {
                    $0.id.value
                } set: { row, value in
                    ID(value).map { row.id = $0 } != nil
                }
            ]
            + fields.map(Column.init)
            + [
                Column("created_at", .timestamp, isIndexed: true) {
                    .timestamp($0.createdAt)
                } set: { row, value in
                    Timestamp(value).map { row.createdAt = $0 } != nil
                },
                Column("updated_at", .timestamp) {
                    .timestamp($0.updatedAt)
                } set: { row, value in
                    Timestamp(value).map { row.updatedAt = $0 } != nil
                },
                Column("version", .integer) {
                    .integer($0.version)
                } set: { row, value in
                    Int64(value).map { row.version = $0 } != nil
                },
            ]
        references = fields.filter { $0.rules.references != nil }
        positions = Dictionary(uniqueKeysWithValues: columns.enumerated().map { (ExactText($1.name), $0) })
    }

    /// Where a column stands in ``columns``; nil if there is none of that name.
    public func position(of name: String) -> Int? { positions[ExactText(name)] }
}

/// One column of a stored row: a field of the entity, or one that every entity has.
public struct Column<E: Entity>: Sendable {
    public let name: String
    public let kind: Kind
    public let isOptional: Bool
    /// Whether an index serves lists that are sorted by it and those of the rows that have a value: of an own field as its
    /// declaration says, and of identity and time of creation, which never change.
    public let isIndexed: Bool
    /// Whether lists can be sorted by it.
    public var isSortable: Bool { (field?.rules.length?.upperBound ?? 0) <= FieldRules.maximumSortedLength }
    /// Whether it holds texts so long that a few of them may fill a page (``PageLimits/maximumBytes``).
    public var isLong: Bool { !isSortable }
    /// The entity's own field; nil for identity, times and version, which nobody but the store gives.
    public let field: Field<E>?
    private let get: @Sendable (Stored<E>) -> Value
    private let set: @Sendable (inout Stored<E>, Value) -> Bool

    init(
        _ name: String, _ kind: Kind, isIndexed: Bool = false,
        get: @escaping @Sendable (Stored<E>) -> Value, set: @escaping @Sendable (inout Stored<E>, Value) -> Bool
    ) {
        self.name = name
        self.kind = kind
        self.get = get
        self.set = set
        self.isIndexed = isIndexed
        isOptional = false
        field = nil
    }

    init(_ field: Field<E>) {
        name = field.name
        kind = field.kind
        isOptional = field.isOptional
        isIndexed = field.rules.isIndexed || field.rules.isUnique || field.rules.references != nil
        self.field = field
        get = { field.value(of: $0.value) }
        set = { field.assign($1, to: &$0.value) }
    }

    public func value(of row: Stored<E>) -> Value { get(row) }

    /// - Returns: false, and nothing has changed, if the value does not fit.
    public func assign(_ value: Value, to row: inout Stored<E>) -> Bool { set(&row, value) }
}
