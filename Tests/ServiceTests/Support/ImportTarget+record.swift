import Model

@testable import Service

extension ImportTarget {
    /// Rows that hold a record, which nobody writes.
    init<R: Record>(_ record: R.Type, idKind: Kind? = .integer) {
        self.init(
            name: "records", columns: R.fields.map(\.column), idKind: idKind,
            derive: { values in
                var record = R(values: values)
                record.derive()
                return record.values
            }, write: { _, _ in })
    }
}

extension ImportPlan {
    /// The record of a row.
    func record<R: Record>(_ cells: [String]) throws -> (id: Value, record: R) {
        let row = try row(cells)
        return (row.id, R(values: row.values))
    }
}
