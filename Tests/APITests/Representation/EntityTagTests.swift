import Model
import Testing

@testable import API

/// RFC 9110, sections 8.8.3, 13.1.1 and 13.1.2.
@Suite struct `Entity tags` {
    private static let tag = EntityTag(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
    private static let text = #""0123456789abcdeffedcba9876543210""#
    private static let gzipText = #""0123456789abcdeffedcba9876543210-gzip""#
    private static let other = #""00000000000000000000000000000000""#

    private func weakly(_ list: String) -> Bool { EntityTags.weaklyMatch(Self.tag, Array(list.utf8).span) }
    private func strongly(_ list: String) -> Bool { EntityTags.stronglyMatch(Self.tag, Array(list.utf8).span) }

    @Test func `are 32 hexadecimal digits between quotes`() {
        func written(_ coding: Coding) -> String {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: EntityTags.longest) { buffer in
                String(decoding: buffer[..<EntityTags.write(Self.tag, coding, to: buffer)], as: UTF8.self)
            }
        }
        #expect(written(.identity) == Self.text)
        #expect(written(.gzip) == Self.gzipText)
    }

    @Test(arguments: [
        text, "*", "\(other), \(text)", "\(text), \(other)", "\(other),\(text),\(other)", ",, \(other) ,\t\(text),",
        "W/\(other), \(text)", #""", \#(text)"#, #""a,b", \#(text)"#, #""*", \#(text)"#,
        gzipText, "\(other), \(gzipText)",
    ])
    func `match strongly and weakly`(list: String) {
        #expect(strongly(list))
        #expect(weakly(list))
    }

    @Test(arguments: ["W/\(text)", "W/\(other), W/\(text)", "\(other), W/\(text)"])
    func `match only weakly when the list has the weak form`(list: String) {
        #expect(!strongly(list))
        #expect(weakly(list))
    }

    @Test(arguments: [
        other, "W/\(other)", "\"\"", #""0123456789abcdeffedcba987654321""#, #""0123456789abcdeffedcba98765432100""#,
        #""0123456789abcdeffedcba9876543210-gzi""#, #""0123456789abcdeffedcba9876543210-gzip2""#,
        #""0123456789abcdeffedcba9876543210-br__""#, #""00000000000000000000000000000000-gzip""#,
        #""0123456789ABCDEFFEDCBA9876543210""#, "\(other), \(other)", #""\#(other)""#,
    ])
    func `do not match another tag`(list: String) {
        #expect(!strongly(list))
        #expect(!weakly(list))
    }

    @Test(arguments: [
        "", " ", ",", "0123456789abcdeffedcba9876543210", #""0123456789abcdeffedcba9876543210"#,
        #"0123456789abcdeffedcba9876543210""#, "w/\(text)", "W\(text)", "W /\(text)", "W/ \(text)", "W", "W/", "W/W/\(text)",
        "\"",
        "'0123456789abcdeffedcba9876543210'", "* , \(text)", "\(other), *", "**", "/\(text)", "x\(text)",
    ])
    func `do not match a list that is malformed`(list: String) {
        #expect(!strongly(list))
        #expect(!weakly(list))
    }

    @Test(arguments: ["Wx\(text)", "WW\(text)", "W,\(text)"])
    func `do not match a weak tag without its slash`(list: String) {
        #expect(!weakly(list))
    }

    @Test func `are compared without a crash, and weakly whenever strongly, whatever the list is`() {
        let parts = ["W", "/", "\"", "*", ",", " ", "\t", Self.text, Self.other, "W/", "x", "é"]
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let list = (0..<Int.random(in: 0...8, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined()
            if strongly(list) { #expect(weakly(list), "\(list)") }
        }
    }
}
