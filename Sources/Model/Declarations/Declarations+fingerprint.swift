internal import Bytes

extension Declarations {
    /// Names what representations are made of: the columns of resources and of what rows own, and the members of views. Where it
    /// differs, as between two versions that run side by side, a representation of the one is none of the other.
    public var fingerprint: String {
        var text = ""
        for schema in schemas {
            text += "resource \(schema.resource)\n"
            for column in schema.columns { text += column.sketch }
            for owned in schema.owned {
                text += "owned \(owned.name) \(owned.table)\n"
                for column in owned.allColumns { text += column.sketch }
            }
        }
        for view in views {
            text += "view \(view.subject.resource) \(view.name)\n"
            text += view.shape.sketch
        }
        return String(SHA256(Array(text.utf8)).description.prefix(12))
    }
}

extension RecordShape {
    fileprivate var sketch: String {
        columns.map(\.sketch).joined()
            + lists.map { list in
                switch list.element {
                case .record(let shape): "list \(list.name)\n\(shape.sketch)end\n"
                case .row(let entity): "list \(list.name) of \(entity.resource)\n"
                }
            }.joined()
    }
}

extension Column {
    /// What a value of it looks like.
    fileprivate var sketch: String { "\(name) \(kind) \(isOptional)\n" }
}
