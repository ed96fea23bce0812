import Testing

@testable import Bytes

@Suite struct `Digits` {
    @Test func `are those of ASCII, and no other byte`() {
        for byte in UInt8.min ... .max {
            let text = String(decoding: [byte], as: UTF8.self)
            let isDigit = "0123456789".utf8.contains(byte)
            #expect(byte.isDigit == isDigit)
            let value = byte < 0x80 ? Int(text, radix: 16) : nil
            #expect(byte.hexValue.map(Int.init) == (text == "+" || text == "-" ? nil : value))
            let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            #expect(byte.asciiLowercase == (isCapital ? byte + 32 : byte))
        }
    }

    private func hexadecimal(_ number: UInt64) -> String {
        var bytes = [UInt8](repeating: 0, count: Hexadecimal.digits)
        bytes.withUnsafeMutableBytes { Hexadecimal.write(number, to: $0.baseAddress!) }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [0, 1, 0x9f, .max, .max / 2, 0x0123_4567_89ab_cdef] as [UInt64])
    func `in base 16 are sixteen in lower case, and are read back`(number: UInt64) {
        let text = hexadecimal(number)
        #expect(text.count == 16 && UInt64(text, radix: 16) == number && text == text.lowercased())
        #expect(Array(text.utf8).withUnsafeBytes { Hexadecimal.read($0) } == number)
    }

    @Test(arguments: [
        "", "0", "0123456789abcde", "0123456789abcdef0", "0123456789ABCDEF", "0123456789abcdeg", "0123456789abcd/f",
    ])
    func `in base 16 are read only as they are written`(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { Hexadecimal.read($0) } == nil)
    }

    @Test(arguments: [0, 7, -7, 10, 99, 100, .max, .min] as [Int64])
    func `in base 10 stand at the end of their room`(number: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.maxDigits + 3) { room in
            let digits = Decimal.write(number, into: room)
            #expect(String(decoding: digits, as: UTF8.self) == String(number))
            #expect(digits.baseAddress! + digits.count == UnsafePointer(room.baseAddress! + room.count))
        }
    }
}

@Suite struct `Base 64 for URLs` {
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"), ("foobar", "Zm9vYmFy"),
    ])
    func `has the samples of RFC 4648, without padding`(plain: String, coded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == coded)
        #expect(Base64URL.decode(coded) == Array(plain.utf8))
    }

    @Test func `writes the two characters that a URL can have`() {
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test(arguments: ["Zg==", "Zh", "Zm9", "Z", "+/8", "Zm 9v", "Zm9v\u{301}"])
    func `reads one text for one value, and nothing else`(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
