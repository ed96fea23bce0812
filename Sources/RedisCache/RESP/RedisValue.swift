/// What a command returned.
enum RedisValue: Equatable, Sendable {
    case nothing
    case integer(Int)
    /// A simple or a bulk string.
    case text([UInt8])
    case array([RedisValue])
    /// An error in the server's words. Its first word is its code.
    case error(String)

    var string: String? {
        guard case .text(let bytes) = self else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    var number: Int? {
        switch self {
        case .integer(let number): number
        case .text: string.flatMap { Int($0) }
        default: nil
        }
    }

    var elements: [RedisValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}
