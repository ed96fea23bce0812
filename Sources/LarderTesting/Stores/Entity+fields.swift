public import Model

/// An entity whose declaration a test follows.
public struct EntityUnderTest: Sendable, CustomStringConvertible {
    /// Its type.
    public let type: any Entity.Type

    /// All that are declared.
    public static func all(of declarations: Declarations) -> [EntityUnderTest] {
        declarations.entities.map { EntityUnderTest(type: $0) }
    }

    /// Its name.
    public var description: String { type.resource }
}

// Short forms for tests that follow declarations.

extension Schema {
    /// A condition on the column of this name.
    package func filter(_ name: String, _ comparison: Query.Comparison, _ values: Value...) -> Query.Filter {
        Query.Filter(position(of: name)!, comparison, values)
    }

    /// Where all parts stand.
    package var allParts: [Int] { Array(parts.indices) }
}

extension Entity {
    /// The fields that a write gives.
    package static var givenFields: [Field<Self>] { fields.filter(\.isGiven) }

    /// Those of them that name a row of another resource.
    package static var referenceFields: [Field<Self>] {
        fields.filter { $0.rules.target != nil && $0.rules.references != resource }
    }

    /// Where a field stands in the schema's columns.
    package static func position(of field: Field<Self>) -> Int { schema.position(of: field.name)! }

    /// The same with another value in a field.
    package func with(_ value: Value, in field: Field<Self>) -> Self {
        var copy = self
        precondition(field.assign(value, to: &copy), "\(value) does not fit \(Self.resource).\(field.name)")
        return copy
    }
}

/// An id that no row of an entity has.
package func unusedID<E: Entity>(of entity: E.Type) -> ID<E> { ID(unusedValue(of: entity))! }

/// The same without its type.
package func unusedValue(of entity: any Entity.Type) -> Value {
    entity.keyKind == .uuid ? .uuid(.v7()) : .integer(4_000_000_000_000)
}

extension UnitOfWork {
    /// Rows with their types, for imports.
    package func upsert<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws {
        try await upsert(rows.map { ($0.id.value, $0.value.values) }, into: E.schema)
    }
}
