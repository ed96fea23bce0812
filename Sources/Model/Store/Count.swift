/// How many rows there are.
public struct Count: Sendable, JSONEncodable {
    /// The number.
    public var count: Int64

    public init(_ count: Int64) { self.count = count }

    /// Reads its representation; nil if that is one of something else.
    public init?(_ encoded: Encoded) {
        let (start, end) = (#"{"count":"#, "}")
        let text = String(decoding: encoded.bytes, as: UTF8.self)
        guard text.hasPrefix(start), text.hasSuffix(end), let count = Int64(text.dropFirst(start.count).dropLast(end.count))
        else {
            return nil
        }
        self.count = count
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("count")
            json.integer(count)
        }
    }
}
