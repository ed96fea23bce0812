internal import Bytes

/// One argument of a command. A command is an array of them, its name the first.
enum RedisArgument: Sendable {
    case text(String)
    case bytes([UInt8])
    case number(Int)
    /// 16 lowercase hexadecimal digits.
    case hexadecimal(UInt64)
    /// A key: what all keys of its kind begin with, and its name.
    case key(prefix: [UInt8], name: String)
}

extension RedisArgument: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
}

/// Commands travel as RESP arrays of bulk strings: `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`.
extension GrowingBytes {
    mutating func appendCommand(_ arguments: [RedisArgument]) {
        appendArrayHeader(arguments.count)
        for argument in arguments { appendBulk(argument) }
    }

    /// `*count\r\n`: so many bulk strings follow.
    mutating func appendArrayHeader(_ count: Int) {
        appendHeader(UInt8(ascii: "*"), count)
    }

    mutating func appendBulk(_ text: String) {
        var text = text
        text.withUTF8 { appendBulk(UnsafeRawBufferPointer($0)) }
    }

    mutating func appendBulk(_ bytes: UnsafeRawBufferPointer) {
        appendHeader(UInt8(ascii: "$"), bytes.count)
        append(bytes)
        appendLineEnd()
    }

    /// One bulk string made of two parts.
    @inline(__always)
    mutating func appendBulk(prefix: UnsafeRawBufferPointer, name: UnsafeRawBufferPointer) {
        appendHeader(UInt8(ascii: "$"), prefix.count + name.count)
        append(prefix)
        append(name)
        appendLineEnd()
    }

    private mutating func appendBulk(_ argument: RedisArgument) {
        switch argument {
        case .text(let text):
            appendBulk(text)
        case .bytes(let bytes):
            bytes.withUnsafeBytes { appendBulk($0) }
        case .number(let number):
            appendHeader(UInt8(ascii: "$"), decimalLength(number))
            appendDecimal(number)
            appendLineEnd()
        case .hexadecimal(let value):
            appendHeader(UInt8(ascii: "$"), Hexadecimal.digits)
            Hexadecimal.write(value, to: reserve(Hexadecimal.digits))
            advance(by: Hexadecimal.digits)
            appendLineEnd()
        case .key(let prefix, var name):
            prefix.withUnsafeBytes { prefix in
                name.withUTF8 { appendBulk(prefix: prefix, name: UnsafeRawBufferPointer($0)) }
            }
        }
    }

    @inline(__always)
    private mutating func appendHeader(_ kind: UInt8, _ number: Int) {
        append(kind)
        appendDecimal(number)
        appendLineEnd()
    }

    @inline(__always)
    private mutating func appendLineEnd() {
        reserve(2).storeBytes(of: UInt16(littleEndian: 0x0A0D), as: UInt16.self)
        advance(by: 2)
    }

    @inline(__always)
    private mutating func appendDecimal(_ number: Int) {
        let length = decimalLength(number)
        let end = reserve(length) + length
        var rest = number.magnitude
        var position = -1
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            end.storeBytes(of: UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit), toByteOffset: position, as: UInt8.self)
            rest = quotient
            position -= 1
        } while rest > 0
        if number < 0 { end.storeBytes(of: UInt8(ascii: "-"), toByteOffset: position, as: UInt8.self) }
        advance(by: length)
    }

    @inline(__always)
    private func decimalLength(_ number: Int) -> Int {
        var length = number < 0 ? 2 : 1
        var rest = number.magnitude
        while rest >= 10 {
            rest /= 10
            length += 1
        }
        return length
    }
}
