/// A set of ASCII bytes in 128 bits: membership is a shift and a mask, without a table in memory.
///
/// Bit `n` of `low` stands for byte `n`, bit `n` of `high` for byte `64 + n`. The constants are literals so that the compiler
/// folds them into the code; the tests hold each of them against its grammar, byte by byte.
struct ByteSet {
    let low: UInt64
    let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 == 1
    }

    /// `tchar` (RFC 9110 section 5.6.2): letters, digits and ``!#$%&'*+-.^_`|~``.
    static let token = ByteSet(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)

    /// What a path may hold besides percent-encoding: `pchar` and `/` (RFC 3986 section 3.3).
    static let path = ByteSet(low: 0x2fff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)

    /// What a query may hold besides percent-encoding: `pchar`, `/` and `?` (RFC 3986 section 3.4), and ``[]^`{|}``, which
    /// browsers send as they are (URL Standard, section 1.3): `price[gte]=10` is not to be refused for them.
    static let query = ByteSet(low: 0xafff_ffd2_0000_0000, high: 0x7fff_ffff_efff_ffff)

    /// What a registered name may hold besides percent-encoding (RFC 3986 section 3.2.2), less the comma: in a Host value it
    /// means that two values were joined on the way.
    static let host = ByteSet(low: 0x2bff_6fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
}

extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")

    /// SP or HTAB, the whitespace of HTTP (`OWS`, RFC 9110 section 5.6.3).
    @inline(__always)
    var isBlank: Bool { self == .space || self == .tab }
}
