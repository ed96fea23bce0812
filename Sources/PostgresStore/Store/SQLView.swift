public import Model
internal import Postgres

/// How PostgreSQL computes a view: a better way than from the rows, with the same result.
///
/// It is made for one view and found by its subject and name; what it is not handed, a store computes as the view says.
public struct SQLView: Sendable {
    let view: View
    private let sql: [SQL]
    private let result: @Sendable (Value, [SQLRows], ReadContext) throws -> Encoded?
    /// The table whose values the statements compute with.
    private let resource: String

    /// Declares it.
    ///
    /// - Parameters:
    ///   - source: the entity whose values are computed with: a cell that cannot be read is said to be of one of its rows.
    ///   - sql: select statements, all of one moment, with the id of the row as `$1`. One alone costs less than several.
    ///   - read: makes the output of what each of them returned, and records what it depends on beside the row itself; nil if
    ///     there is no such row.
    public init<Subject: Entity, Output: Record>(
        _ view: View, of subject: Subject.Type, as output: Output.Type, computedFrom source: any Entity.Type, _ sql: String...,
        read: @escaping @Sendable (ID<Subject>, [SQLRows], ReadContext) throws -> Output?
    ) {
        precondition(view.subject == Subject.schema, "\(view.name) is no view of \(Subject.resource)")
        self.view = view
        self.sql = sql.map(SQL.pinned)
        resource = source.resource
        result = { id, rows, context in try ID<Subject>(id).flatMap { try read($0, rows, context) }.map { Encoded($0) } }
    }

    func statements(_ id: Value) -> [Statement] { sql.map { Statement($0, [id.sqlText]) } }

    func read(_ id: Value, _ results: [PostgresResult], _ context: ReadContext) throws -> Encoded? {
        try result(id, results.map { SQLRows($0, resource) }, context)
    }
}

/// What a statement of a ``SQLView`` returned.
public struct SQLRows {
    private let result: PostgresResult
    private let resource: String

    init(_ result: PostgresResult, _ resource: String) {
        self.result = result
        self.resource = resource
    }

    /// The number of rows.
    public var count: Int { result.rows }

    /// A cell.
    ///
    /// - Parameters:
    ///   - row: its number, from 0.
    ///   - name: that of its column.
    ///   - field: of which field it is computed, if that is called otherwise.
    /// - Throws: ``UnreadableRow`` if it holds no value of the type, or a null where the type has none.
    public func value<Cell: FieldType>(
        _ row: Int, _ name: String, from field: String? = nil, as type: Cell.Type = Cell.self
    ) throws -> Cell {
        guard let column = result.column(named: name), let value = result.value(row, column, Cell.kind), let cell = Cell(value)
        else { throw UnreadableRow(resource: resource, field: field ?? name) }
        return cell
    }

    /// All rows of a statement that selects the ``columns(of:)`` of an entity.
    ///
    /// - Throws: ``UnreadableRow``.
    public func rows<E: Entity>(of entity: E.Type) throws -> [Stored<E>] {
        try result.rows(of: E.schema).map(Stored.init)
    }

    /// The columns that a statement has to select, in this order and no others, for its rows to be read by ``rows(of:)``.
    public static func columns<E: Entity>(of entity: E.Type) -> String { E.schema.sqlColumns }
}
