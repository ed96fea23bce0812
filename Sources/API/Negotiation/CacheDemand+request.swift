internal import HTTPServer
internal import Model

extension CacheDemand {
    /// What `Cache-Control` of a request demands.
    init(of request: Request) {
        self = request.withHeader("cache-control") { CacheDemand(cacheControl: $0) } ?? CacheDemand()
    }

    /// Directives that are unknown or malformed are ignored (RFC 9111, section 5.2.3). Of one that is repeated the strictest
    /// counts.
    init(cacheControl value: Span<UInt8>) {
        self.init()
        var staleness: Int64?
        var directives = FieldParts(listIn: value)
        while let directive = directives.next(in: value) {
            let equals = value.firstIndex(of: UInt8(ascii: "="), in: directive)
            let name = directive.lowerBound..<(equals ?? directive.upperBound)
            if let equals {
                guard let milliseconds = Self.milliseconds(value, equals + 1..<directive.upperBound) else { continue }
                if value.equals("max-age", in: name) { maximumAge = min(maximumAge, milliseconds) }
                if value.equals("max-stale", in: name) { staleness = min(staleness ?? .max, milliseconds) }
            } else if value.equals("no-cache", in: name) {
                fromStore = true
            } else if value.equals("no-store", in: name) {
                isNotStored = true
            } else if value.equals("only-if-cached", in: name) {
                onlyIfCached = true
            } else if value.equals("max-stale", in: name) {
                staleness = staleness ?? .max  // however long
            }
        }
        maximumStaleness = staleness ?? 0
    }

    /// Reads delta-seconds (RFC 9111, section 1.2.2), quoted or not; what is more than can be counted is the most that can.
    private static func milliseconds(_ value: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        var range = range
        let quote = UInt8(ascii: "\"")
        if range.count >= 2, value[range.lowerBound] == quote, value[range.upperBound - 1] == quote {
            range = range.lowerBound + 1..<range.upperBound - 1
        }
        guard !range.isEmpty else { return nil }
        var seconds: Int64 = 0
        for index in range {
            guard case let digit = value[index] &- UInt8(ascii: "0"), digit < 10 else { return nil }
            seconds = min(seconds * 10 + Int64(digit), 1 << 31)
        }
        return seconds * 1000
    }
}
