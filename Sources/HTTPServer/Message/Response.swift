/// What a handler answers.
///
/// The server adds `Date`, `Content-Length` and, where needed, `Connection`, and leaves the body out where there must be none
/// (the answer to HEAD, 204 and 304; RFC 9110 section 6.4.1).
public struct Response: Sendable, Equatable {
    /// The status line.
    public var status: Status
    /// All other header fields.
    public var fields: FieldBlock
    /// The content. For HEAD give what GET would: its length is sent.
    public var body: [UInt8]

    public init(_ status: Status, fields: FieldBlock = FieldBlock(), body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}
