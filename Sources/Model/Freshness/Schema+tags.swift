extension Schema {
    /// One row.
    public func tag(of id: Value) -> Tag { Tag(tagPrefix + (id.text ?? "")) }

    /// Any change of the rows that refer to one row of another resource. One customer's order does not touch the
    /// orders of another.
    ///
    /// - Parameter column: the position of the reference.
    public func partitionTag(_ column: Int, _ value: Value) -> Tag? {
        value.text.map { Tag("\(resource)/\(columns[column].name)=\($0)") }
    }

    /// The tags on which the rows that fulfil all of `filters` depend.
    public func tags(selectedBy filters: [Query.Filter]) -> [Tag] {
        for filter in filters where filter.comparison == .equal {
            if columns[filter.column].rules.target != nil, let tag = partitionTag(filter.column, filter.values[0]) {
                return [tag]
            }
        }
        return [setTag]
    }

    /// How many rows beside its own a value depends on one by one; beyond that it depends on all of their resource.
    public static var maximumRowTags: Int { 64 }

    /// The tags on which a value depends that shows these rows.
    public func tags(showing ids: some Collection<Value>) -> [Tag] {
        ids.count > Self.maximumRowTags ? [setTag] : ids.map(tag(of:))
    }

    /// The tags that a change of a row touches.
    ///
    /// - Parameter fields: the values of the own fields, as they were and as they are.
    func tags(touchedBy id: Value, _ fields: ArraySlice<Value>...) -> Set<Tag> {
        var tags: Set<Tag> = [tag(of: id), setTag]
        for column in references {
            for values in fields {
                if let tag = partitionTag(column, values[values.startIndex + column - 1]) { tags.insert(tag) }
            }
        }
        return tags
    }
}

extension Entity {
    /// One row.
    public static func tag(of id: ID<Self>) -> Tag { schema.tag(of: id.value) }
}
