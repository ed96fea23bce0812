internal import CLibPQ

/// The answer to one statement: rows of columns, in PostgreSQL's text format.
///
/// It holds what libpq received; nothing is copied before it is asked for. Rows and columns count from 0, and asking
/// for one beyond ``rows`` or ``columns`` ends the program.
public final class PostgresResult {
    private let pointer: OpaquePointer
    /// The number of rows.
    public let rows: Int
    /// The number of columns.
    public let columns: Int

    /// Takes over `pointer`, a `PGresult`.
    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
        rows = Int(PQntuples(pointer))
        columns = Int(PQnfields(pointer))
    }

    deinit {
        PQclear(pointer)
    }

    /// What was done, as the server says it: `SELECT 3`, `INSERT 0 1`, `COMMIT`.
    public var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    /// The rows that the statement inserted, changed, deleted or returned; 0 for statements that have none.
    public var affectedRows: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// The name of a column.
    public func columnName(_ column: Int) -> String {
        check(0, column, rows: 1)
        return String(cString: PQfname(pointer, Int32(column)))
    }

    /// The first column of that name.
    public func column(named name: String) -> Int? {
        (0..<columns).first { columnName($0) == name }
    }

    /// Whether a value is NULL.
    public func isNull(_ row: Int, _ column: Int) -> Bool {
        check(row, column, rows: rows)
        return PQgetisnull(pointer, Int32(row), Int32(column)) != 0
    }

    /// Calls `body` with the bytes of a value, which are valid during the call; nil for NULL.
    @inlinable
    public func withBytes<Result, Failure: Error>(
        _ row: Int, _ column: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        guard let bytes = bytes(row, column) else { return nil }
        return try body(bytes)
    }

    /// The bytes of a value, valid as long as this object; nil for NULL. A zero byte follows them.
    @usableFromInline
    func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        check(row, column, rows: rows)
        let length = PQgetlength(pointer, Int32(row), Int32(column))
        // An empty value and NULL are told apart only by asking.
        if length == 0, PQgetisnull(pointer, Int32(row), Int32(column)) != 0 { return nil }
        return UnsafeRawBufferPointer(start: PQgetvalue(pointer, Int32(row), Int32(column)), count: Int(length))
    }

    /// A value as text; nil for NULL.
    public func string(_ row: Int, _ column: Int) -> String? {
        bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A value of an integer type; nil for NULL, and for what is not an integer of 64 bits.
    public func int64(_ row: Int, _ column: Int) -> Int64? {
        guard let bytes = bytes(row, column) else { return nil }
        let isNegative = bytes.first == UInt8(ascii: "-")
        guard bytes.count > (isNegative ? 1 : 0) else { return nil }
        // Downwards, because the smallest number has no positive counterpart.
        var value: Int64 = 0
        for byte in bytes.dropFirst(isNegative ? 1 : 0) {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            let (tens, tensOverflow) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow) = tens.subtractingReportingOverflow(Int64(digit))
            guard !tensOverflow, !overflow else { return nil }
            value = next
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// A value of type `boolean`; nil for NULL, and for anything else.
    public func bool(_ row: Int, _ column: Int) -> Bool? {
        guard let bytes = bytes(row, column), bytes.count == 1 else { return nil }
        switch bytes[0] {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: return nil
        }
    }

    // libpq would print a warning and answer NULL, and the mistake would travel on as a value.
    @inline(__always)
    private func check(_ row: Int, _ column: Int, rows: Int) {
        precondition(
            UInt(bitPattern: row) < UInt(bitPattern: rows) && UInt(bitPattern: column) < UInt(bitPattern: columns),
            "no such row or column")
    }
}
