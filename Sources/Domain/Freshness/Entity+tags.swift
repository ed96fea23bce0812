extension Entity {
    /// One row.
    public static func tag(of id: ID<Self>) -> Tag { Tag(resource + ":" + id.description) }

    /// Any change of the rows.
    public static var setTag: Tag { Tag(resource) }

    /// Any change of the rows that refer to one row of another resource. One customer's order does not touch the
    /// orders of another.
    public static func partitionTag(_ field: Field<Self>, _ value: Value) -> Tag? {
        value.text.map { Tag("\(resource)/\(field.name)=\($0)") }
    }

    /// The tags on which the rows that fulfil all of `filters` depend.
    public static func tags(selectedBy filters: [Query<Self>.Filter]) -> [Tag] {
        for filter in filters where filter.comparison == .equal {
            if let field = schema.columns[filter.column].field, field.rules.references != nil,
                let tag = partitionTag(field, filter.values[0])
            {
                return [tag]
            }
        }
        return [setTag]
    }

    /// The tags that a change of a row touches, given what it was and what it is.
    static func tags(touchedBy id: ID<Self>, _ values: Self...) -> Set<Tag> {
        var tags: Set<Tag> = [tag(of: id), setTag]
        for field in schema.references {
            for value in values {
                if let tag = partitionTag(field, field.value(of: value)) { tags.insert(tag) }
            }
        }
        return tags
    }
}
