import EventLoop
import Model

/// A store under the contract, with the rows that it should have.
final class Trial {
    let declarations: Declarations
    let store: any Store
    private let loop: Loop
    var expected = ExpectedRows()
    private let samples: SampleRows
    private var numbers: [String: Int64] = [:]

    init(_ declarations: Declarations, _ store: any Store, on loop: Loop) {
        self.declarations = declarations
        self.store = store
        self.loop = loop
        samples = declarations.samples
    }

    var schemas: [Schema] { declarations.schemas }
    /// Far enough for any check.
    var deadline: UInt64 { loop.now + Self.patience }
    /// In milliseconds.
    static let patience: UInt64 = 60_000

    // MARK: Rows

    /// The values of the own fields of a row to be, other ones each time, with rows that are there in its references.
    func newFields(of schema: Schema) async throws -> [Value] {
        let fields = samples.fields(number(of: schema.resource), of: schema)
        return schema.derived(try await withReferences(fields, schema.fieldColumns, of: schema))
    }

    /// A row to be owned.
    func newOwned(_ rows: OwnedRows, by owner: Value, at position: Int64, of schema: Schema) async throws -> OwnedRow {
        let values = samples.values(number(of: rows.table), of: rows.columns, rows.table)
        return OwnedRow(
            owner: owner, position: position, values: try await withReferences(values, rows.columns[...], of: schema))
    }

    /// A new row in the store, with those that it refers to.
    @discardableResult
    func insert(_ schema: Schema) async throws -> Row {
        let fields = try await newFields(of: schema)
        return try await insert(fields, into: schema)
    }

    @discardableResult
    func insert(_ fields: [Value], into schema: Schema) async throws -> Row {
        let row = try await write { try await $0.insert(fields, into: schema) }
        expected.put(row, of: schema)
        return row
    }

    /// So many rows of each resource, and a few that each of them owns.
    func fill(_ count: Int) async throws {
        for schema in schemas {
            for _ in 0..<count {
                let row = try await insert(schema)
                for owned in schema.owned {
                    for position in 1...Int64(2) { try await putOwned(owned, by: row, at: position, of: schema) }
                }
            }
        }
    }

    func putOwned(_ owned: OwnedRows, by owner: Row, at position: Int64, of schema: Schema) async throws {
        let row = try await newOwned(owned, by: owner.id, at: position, of: schema)
        try await write { try await $0.upsert([row], into: owned, of: schema) }
        expected.put(row, into: owned)
    }

    /// An id that no row has.
    func unusedID(of schema: Schema) -> Value { SampleRows.id(1_000_000_000, of: schema) }

    private func withReferences(_ values: [Value], _ columns: ArraySlice<Column>, of schema: Schema) async throws -> [Value] {
        var values = values
        for (index, column) in columns.enumerated() where values[index] != .null {
            guard let target = column.rules.target?.schema else { continue }
            if target == schema {
                // A row that refers to its own kind refers to one that was there before.
                values[index] = expected.rows(of: schema).last?.id ?? (column.isOptional ? .null : values[index])
            } else if column.rules.isUnique || expected.rows(of: target).count < 3 {
                values[index] = try await insert(target).id
            } else {
                let rows = expected.rows(of: target)
                values[index] = rows[Int(numbers[schema.resource] ?? 0) % rows.count].id
            }
        }
        return values
    }

    private func number(of name: String) -> Int64 {
        numbers[name, default: 0] += 1
        return numbers[name]!
    }

    // MARK: Units of work

    func write<Result>(_ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        try await store.write(deadline: deadline, body)
    }

    /// Expects that a unit fails with `error`, and leaves everything as it was.
    func write(fails error: DomainError, _ what: String, _ body: (UnitOfWork) async throws -> Void) async throws {
        do {
            try await write(body)
        } catch let failure as DomainError {
            return try expect(failure, error, what)
        }
        throw Violation(description: "\(what): it was done, expected is \(error)")
    }

    // MARK: Time

    /// Long enough for others to come.
    func pause() async { await loop.sleep(milliseconds: 1) }

    /// Runs `body` for each of the elements at the same time, and throws what one of them threw.
    func concurrently<Element>(_ elements: [Element], _ body: @escaping (Element) async throws -> Void) async throws {
        var failure: (any Error)?
        await loop.concurrently(elements) { element in
            do { try await body(element) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    // MARK: Reads

    /// Expects that the store reads what the expected rows have.
    func agree(_ read: Read) async throws {
        let (found, expected) = (try await reading(read), try await read.reading(of: expected, deadline))
        try expect(found.text, expected.text, "\(read)")
        try expect(found.tags.names, expected.tags.names, "the tags of \(read)")
    }

    /// Expects that of all rows, one by one and in lists.
    func agreeOnAllRows() async throws {
        for schema in schemas {
            for row in expected.rows(of: schema) { try await agree(.row(row.id, schema)) }
            try await agree(.list(Query(of: schema, limit: Query.maximumLimit)))
        }
    }

    func reading(_ read: Read) async throws -> Reading { try await read.reading(from: store, deadline) }
}
