internal import Model

/// How the database ends a page of long rows, so that it sends no more of them than fit (``PageLimits/maximumBytes``).
enum PageSQL {
    /// The bytes that a row has in those of `columns` that are long; nil if none is. Its JSON has no fewer.
    static func bytes(of columns: some Sequence<Column>) -> String? {
        let long = columns.filter(\.isLong)
        return long.isEmpty ? nil : long.map { "coalesce(octet_length(\($0.name.quoted)), 0)" }.joined(separator: " + ")
    }

    /// A column: the bytes of the rows before each, but for the last of them.
    ///
    /// - Parameter last: 1 counts all rows before; with 2 the row directly before is left out.
    static func bytesBefore(_ last: Int, _ bytes: String, order: String) -> String {
        "coalesce(sum(\(bytes)) OVER (ORDER BY \(order) ROWS BETWEEN UNBOUNDED PRECEDING AND \(last) PRECEDING), 0) AS \(bytesBefore)"
    }

    /// What holds for rows with that column until the page is full.
    static var isWithinPage: String { "\(bytesBefore) <= \(PageLimits.maximumBytes)" }

    /// No declared name has a blank, so none of them is the same.
    private static let bytesBefore = "bytes before".quoted

    /// The columns of a row that is shown by a projection. Long ones that it leaves out are empty, so they are not even read.
    static func columns(of table: TableSQL, shownBy projection: Projection) -> String {
        let hidden = table.schema.longColumns.filter { !projection.shows($0) }
        guard !hidden.isEmpty else { return table.columns }
        return table.names.enumerated().map { hidden.contains($0) ? "'' AS \($1)" : $1 }.joined(separator: ", ")
    }
}
