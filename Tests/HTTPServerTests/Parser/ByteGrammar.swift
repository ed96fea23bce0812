/// Sets of bytes spelled out as in the RFCs, to hold the parser's against.
enum ByteGrammar {
    static let alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    /// RFC 9110 section 5.6.2.
    static let token = Set((alphanumeric + "!#$%&'*+-.^_`|~").utf8)
    static let unreserved = alphanumeric + "-._~"
    static let subDelimiters = "!$&'()*+,;="
    /// RFC 3986 sections 3.3 and 3.4, without percent-encoding.
    static let path = Set((unreserved + subDelimiters + ":@/").utf8)
    /// And what browsers send as it is (URL Standard, section 1.3).
    static let query = path.union("?[]^`{|}".utf8)
    /// RFC 3986 section 3.2.2, without percent-encoding and without the comma that Host does not get away with.
    static let host = Set((unreserved + subDelimiters).utf8).subtracting(",".utf8)
}
