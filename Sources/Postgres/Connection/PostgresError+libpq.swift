internal import CLibPQ

extension PostgresError {
    /// The error that the server sent as the result of a statement.
    init(_ result: OpaquePointer, hasParameters: Bool) {
        let state = PostgresError.field(result, "C").map { SQLState($0) }
        let message =
            PostgresError.field(result, "M")
            ?? PostgresError.sentence(String(cString: PQresultErrorMessage(result)))
        var fields = Fields()
        fields.severity = PostgresError.field(result, "V") ?? PostgresError.field(result, "S")
        fields.detail = PostgresError.field(result, "D")
        fields.hint = PostgresError.field(result, "H")
        fields.schema = PostgresError.field(result, "s")
        fields.table = PostgresError.field(result, "t")
        fields.column = PostgresError.field(result, "c")
        fields.constraint = PostgresError.field(result, "n")
        fields.position = PostgresError.field(result, "P").flatMap { Int($0) }
        fields.routine = PostgresError.field(result, "R")
        // Data exceptions quote the value that they object to; what a trigger raises may quote anything.
        fields.quotesParameters = hasParameters && (state?.category == "22" || state?.category == "P0")
        // After FATAL the server ends the connection. Without a code the error is libpq's: the connection broke.
        let endsConnection = state == nil || fields.severity == "FATAL" || fields.severity == "PANIC"
        let kind: Kind = endsConnection ? .connectionLost : state == .queryCanceled ? .deadlineExceeded : .server
        self.init(kind, sqlState: state, message, fields: fields)
    }

    /// What libpq says of a connection, in one sentence.
    init(_ kind: Kind, connection: OpaquePointer, mayHaveCommitted: Bool = false) {
        let (state, text) = PostgresError.withoutCode(String(cString: PQerrorMessage(connection)))
        let message = PostgresError.sentence(text)
        self.init(
            kind, sqlState: state, message.isEmpty ? "the connection broke" : message, mayHaveCommitted: mayHaveCommitted)
    }

    /// Takes the code out of a message in libpq's verbose form, and the line that names a place in the server's sources:
    /// `FATAL:  53300: sorry, too many clients already`, `LOCATION:  InitProcess, proc.c:354`.
    static func withoutCode(_ message: String) -> (SQLState?, String) {
        let lines = message.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("LOCATION:  ") }
        let text = lines.joined(separator: "\n")
        guard let match = text.firstMatch(of: #/:  ([0-9A-Z]{5}): /#) else { return (nil, text) }
        return (SQLState(String(match.1)), text.replacing(#/:  ([0-9A-Z]{5}): /#) { _ in ": " })
    }

    private static func field(_ result: OpaquePointer, _ code: Unicode.Scalar) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }

    /// libpq breaks its messages into lines.
    static func sentence(_ message: String) -> String {
        message.split(whereSeparator: \.isNewline)
            .map { String($0.drop(while: \.isWhitespace)) }
            .joined(separator: "; ")
    }
}
