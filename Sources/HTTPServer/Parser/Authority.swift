internal import Bytes

/// `uri-host [ ":" port ]`, the value of Host and the authority of an http URI (RFC 9110 sections 4.2 and 7.2).
enum Authority {
    /// Whether `range` names a host, and a port if any. User information, lists, paths and an empty host are not accepted.
    static func isValid(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard let first = range.first else { return false }
        let hostEnd = bytes[first] == UInt8(ascii: "[") ? literalEnd(range, in: bytes) : nameEnd(range, in: bytes)
        guard let hostEnd, hostEnd > first else { return false }
        if hostEnd == range.upperBound { return true }
        return bytes[hostEnd] == UInt8(ascii: ":") && isPort(hostEnd + 1..<range.upperBound, in: bytes)
    }

    /// The offset behind a registered name or an IPv4 address (RFC 3986 section 3.2.2), or nil for a bad percent-encoding.
    private static func nameEnd(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        var index = bytes.skip(.host, from: range.lowerBound, to: range.upperBound)
        while index < range.upperBound && bytes[index] == UInt8(ascii: "%") {
            guard let byte = bytes.percentDecoded(at: index, end: range.upperBound), byte != 0 else { return nil }
            index = bytes.skip(.host, from: index + 3, to: range.upperBound)
        }
        return index
    }

    /// The offset behind an IPv6 address in brackets, or nil. Only its characters and the number of its colons are looked at:
    /// the server never connects to it.
    private static func literalEnd(_ range: Range<Int>, in bytes: Span<UInt8>) -> Int? {
        var colons = 0
        for index in range.dropFirst() {
            switch bytes[index] {
            case UInt8(ascii: ":"): colons += 1
            case UInt8(ascii: "."): continue
            case UInt8(ascii: "]"): return 2...7 ~= colons ? index + 1 : nil
            case let byte where byte.hexValue == nil: return nil
            default: continue
            }
        }
        return nil
    }

    /// Whether `range` is a TCP port. The grammar allows it to be empty, which means the scheme's own.
    private static func isPort(_ range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        guard range.count <= 5 else { return false }
        var port = 0
        for index in range {
            guard bytes[index].isDigit else { return false }
            port = port * 10 + Int(bytes[index] & 0x0f)
        }
        return port <= 65_535
    }
}
