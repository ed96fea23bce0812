public import HTTPServer

/// The trace that a client's request is part of (W3C Trace Context), and this service's span of it.
public struct TraceContext: Sendable {
    /// 32 hexadecimal digits.
    public let traceID: String
    /// Of this service, for this request.
    private let span: UInt64
    /// Those that are known: sampled, and that the trace's id is random.
    private let flags: UInt8

    /// Whether the client records the trace.
    var isSampled: Bool { flags & 1 == 1 }

    /// 16 hexadecimal digits.
    public var spanID: String { Self.hexadecimal(span, digits: 16) }

    /// What the next one on the way, here the client, is told.
    var traceparent: String { "00-\(traceID)-\(spanID)-\(Self.hexadecimal(UInt64(flags), digits: 2))" }

    /// - Returns: nil if the request has no valid `traceparent`. The same each time for one request that ``RequestIDs`` numbered.
    public init?(of request: Request) {
        guard let parent = request.withHeader("traceparent", Self.read) ?? nil else { return nil }
        traceID = parent.traceID
        flags = parent.flags & 3
        span = max(request.number, 1)  // all zeros is none
    }

    /// `version-traceid-parentid-flags`, in lowercase hexadecimal. More may follow in versions to come, which is ignored.
    private static func read(_ value: Span<UInt8>) -> (traceID: String, flags: UInt8)? {
        guard value.count >= 55, [2, 35, 52].allSatisfy({ value[$0] == UInt8(ascii: "-") }),
            let version = number(value, 0..<2), version != 0xff,
            value.count == 55 || (version > 0 && value[55] == UInt8(ascii: "-")),
            let high = number(value, 3..<19), let low = number(value, 19..<35), high | low != 0,
            let parent = number(value, 36..<52), parent != 0, let flags = number(value, 53..<55)
        else { return nil }
        return (hexadecimal(high, digits: 16) + hexadecimal(low, digits: 16), UInt8(flags))
    }

    private static func number(_ value: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
        var number: UInt64 = 0
        for index in range {
            switch value[index] {
            case let digit where digit &- UInt8(ascii: "0") < 10: number = number << 4 | UInt64(digit & 0xF)
            case let letter where letter &- UInt8(ascii: "a") < 6: number = number << 4 | UInt64(letter - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }

    private static func hexadecimal(_ number: UInt64, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
