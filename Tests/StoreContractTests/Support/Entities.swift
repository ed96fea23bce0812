import Domain
import Model
import Testing

/// An entity whose declaration the generic tests follow: those of all resources, without a line for any.
struct EntityUnderTest: Sendable, CustomTestStringConvertible {
    let type: any Entity.Type

    static let all = declarations.entities.map { EntityUnderTest(type: $0) }

    /// That of a resource by its name.
    static func named(_ resource: String) -> any Entity.Type { declarations.schema(named: resource)!.entity }

    var testDescription: String { type.resource }
}

extension Schema {
    /// The entity whose schema it is.
    var entity: any Entity.Type { declarations.entities.first { $0.schema == self }! }

    func filter(_ name: String, _ comparison: Query.Comparison, _ values: Value...) -> Query.Filter {
        Query.Filter(position(of: name)!, comparison, values)
    }

    /// Where all parts stand.
    var allParts: [Int] { Array(parts.indices) }
}

extension Entity {
    /// The fields that a write gives.
    static var givenFields: [Field<Self>] { fields.filter(\.isGiven) }

    /// Those of them that name another row.
    static var referenceFields: [Field<Self>] { schema.references.map { fields[$0 - 1] } }

    static func position(of field: Field<Self>) -> Int { schema.position(of: field.name)! }

    func with(_ value: Value, in field: Field<Self>) -> Self {
        var copy = self
        precondition(field.assign(value, to: &copy), "\(value) does not fit \(Self.resource).\(field.name)")
        return copy
    }
}

extension UnitOfWork {
    /// Rows with their types, for imports.
    func upsert<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws {
        try await upsert(rows.map { ($0.id.value, $0.value.values) }, into: E.schema)
    }

    /// Lines of orders.
    func upsert(lines: [OwnedRow]) async throws { try await upsert(lines, into: Order.lines, of: Order.schema) }
}

extension Order {
    static var lines: OwnedRows { schema.owned[0] }
}

func line(_ order: ID<Order>, _ number: Int64, _ product: ID<Product>, _ quantity: Int64) -> OwnedRow {
    OwnedRow(owner: order.value, position: number, values: OrderLine(product, quantity: quantity).values)
}
