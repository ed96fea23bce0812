extension Entity {
    /// The condition that a field has this value, or none if that is nil.
    public static func filter<Property: FieldType>(_ path: KeyPath<Self, Property>, _ value: Property) -> Query.Filter {
        let isNull = value.value == .null
        return Query.Filter(position(of: path), isNull ? .isNull : .equal, isNull ? [] : [value.value])
    }

    /// A condition on a field.
    public static func filter<Property: FieldType>(
        _ path: KeyPath<Self, Property>, _ comparison: Query.Comparison, _ value: Property
    ) -> Query.Filter {
        Query.Filter(position(of: path), comparison, [value.value])
    }

    /// A key to sort by.
    public static func sortKey<Property: FieldType>(
        _ path: KeyPath<Self, Property>, isDescending: Bool = false
    ) -> Query.SortKey {
        Query.SortKey(column: position(of: path), isDescending: isDescending)
    }

    /// Where the column of a property stands.
    static func position(of path: PartialKeyPath<Self>) -> Int {
        guard let index = fields.firstIndex(where: { $0.path == path }) else {
            preconditionFailure("\(path) is no declared field of \(resource)")
        }
        return index + 1
    }
}
