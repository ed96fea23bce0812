internal import Bytes
public import HTTPServer

/// Gives each request an id and answers it in `X-Request-Id`: the client's own if it is sane, else a new one. A trace that
/// the client began goes on (see ``TraceContext``), and one that it records is told in `Server-Timing` how long the answer took.
public struct RequestIDs {
    /// The ids of one listener count up from a random number, which is cheaper than a random number for each.
    private var last = UInt64.random(in: .min ... .max)

    mutating func number(_ request: Request) {
        last &+= 0x9E37_79B9_7F4A_7C15  // an odd step visits every number, and makes neighbours look unlike
        request.number = last
    }

    /// - Parameter start: when a request of a trace began; nil for any other.
    // Inlined, its variables would be allocated with those of the task.
    @inline(never)
    static func mark(_ response: inout Response, for request: Request, since start: ContinuousClock.Instant?) {
        withID(of: request) { response.fields.append("X-Request-Id", $0) }
        guard let start, let trace = TraceContext(of: request) else { return }
        response.fields.append("traceparent", trace.traceparent)
        if trace.isSampled { response.fields.append("Server-Timing", "total;dur=\(milliseconds(.now - start))") }
    }

    /// With three decimals.
    private static func milliseconds(_ duration: Duration) -> String {
        let microseconds = max(0, duration / .microseconds(1))
        let decimals = String(Int(microseconds) % 1000)
        return "\(Int(microseconds) / 1000).\(String(repeating: "0", count: 3 - decimals.utf8.count))\(decimals)"
    }

    /// The id that the answer to `request` will have, for the log.
    public static func id(of request: Request) -> String {
        withID(of: request) { id in id.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
    }

    private static func withID<Result>(of request: Request, _ body: (Span<UInt8>) -> Result) -> Result {
        if let given = request.withHeader("x-request-id", sane) ?? nil { return body(given.span) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { digits in
            Hexadecimal.write(request.number, to: digits.baseAddress!)  // there are 16
            return body(digits.span)
        }
    }

    /// Up to 128 letters, digits, dots, hyphens and underscores.
    private static func sane(_ value: Span<UInt8>) -> [UInt8]? {
        guard 1...128 ~= value.count else { return nil }
        var id: [UInt8] = []
        for index in value.indices {
            switch value[index] {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                id.append(value[index])
            default: return nil
            }
        }
        return id
    }
}
