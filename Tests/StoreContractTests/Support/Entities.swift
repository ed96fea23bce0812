import Domain
import Testing

/// An entity whose declaration the generic tests follow: those of all resources, without a line for any.
struct EntityUnderTest: Sendable, CustomTestStringConvertible {
    let type: any Entity.Type

    static let all = Resources.all.map { EntityUnderTest(type: $0) }

    var testDescription: String { type.resource }
}

extension Entity {
    /// The fields that a write gives.
    static var givenFields: [Field<Self>] { fields.filter { !$0.rules.isDerived } }

    func with(_ value: Value, in field: Field<Self>) -> Self {
        var copy = self
        precondition(field.assign(value, to: &copy), "\(value) does not fit \(Self.resource).\(field.name)")
        return copy
    }
}

extension Stored {
    /// The values of all columns.
    var columns: [Value] { E.schema.columns.map { $0.value(of: self) } }
}

extension Schema {
    func filter(_ name: String, _ comparison: Query<E>.Comparison, _ values: Value...) -> Query<E>.Filter {
        Query<E>.Filter(position(of: name)!, comparison, values)
    }
}
