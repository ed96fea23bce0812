/// Takes a field value apart at a separator, but not within quoted strings (RFC 9110, section 5.6).
///
/// It works on offsets, so that nothing is copied.
struct FieldParts {
    private var rest: Range<Int>
    private let separator: UInt8
    private var isOver = false

    /// The elements of a list: parts at commas.
    init(listIn value: Span<UInt8>) {
        rest = value.indices
        separator = UInt8(ascii: ",")
    }

    /// An element and its parameters: parts at semicolons.
    init(parametersIn element: Range<Int>) {
        rest = element
        separator = UInt8(ascii: ";")
    }

    /// The next part, without whitespace at its ends; nil behind the last one. It may be empty.
    mutating func next(in value: Span<UInt8>) -> Range<Int>? {
        guard !isOver else { return nil }
        var index = rest.lowerBound
        var isQuoted = false
        while index < rest.upperBound, isQuoted || value[index] != separator {
            if value[index] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if value[index] == UInt8(ascii: "\\"), isQuoted { index += 1 }
            index += 1
        }
        index = min(index, rest.upperBound)
        let part = value.trimmed(rest.lowerBound..<index)
        isOver = index == rest.upperBound
        rest = min(index + 1, rest.upperBound)..<rest.upperBound
        return part
    }
}

extension Span<UInt8> {
    /// `range` without spaces and tabs at both its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, self[start] == UInt8(ascii: " ") || self[start] == UInt8(ascii: "\t") { start += 1 }
        while start < end, self[end - 1] == UInt8(ascii: " ") || self[end - 1] == UInt8(ascii: "\t") { end -= 1 }
        return start..<end
    }

    /// Whether the bytes of `range` are those of `lowercase`, letters compared without regard to their case.
    func equals(_ lowercase: StaticString, in range: Range<Int>) -> Bool {
        guard range.count == lowercase.utf8CodeUnitCount else { return false }
        return lowercase.withUTF8Buffer { text in
            for offset in text.indices {
                let byte = self[range.lowerBound + offset]
                guard (byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte) == text[offset] else { return false }
            }
            return true
        }
    }

    /// The first place of `byte` in `range`.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        for index in range where self[index] == byte { return index }
        return nil
    }

    /// A weight (RFC 9110, section 12.4.2) in thousandths: 0 to 1 with at most three decimals; nil if it is malformed.
    func weight(in range: Range<Int>) -> Int? {
        guard let whole = range.first.map({ self[$0] }), whole == UInt8(ascii: "0") || whole == UInt8(ascii: "1") else {
            return nil
        }
        guard range.count <= 5, range.count == 1 || self[range.lowerBound + 1] == UInt8(ascii: ".") else { return nil }
        var thousandths = Int(whole - UInt8(ascii: "0")) * 1000
        var scale = 100
        for index in range.dropFirst(2) {
            guard case let digit = self[index] &- UInt8(ascii: "0"), digit < 10 else { return nil }
            thousandths += Int(digit) * scale
            scale /= 10
        }
        return thousandths <= 1000 ? thousandths : nil
    }

    /// The weight that the parameters of an element have, 1000 without one; nil if it is malformed.
    func weight(of parameters: inout FieldParts) -> Int? {
        var weight = 1000
        while let parameter = parameters.next(in: self) {
            guard parameter.count >= 2, equals("q=", in: parameter.prefix(2)) else { continue }
            guard let given = self.weight(in: parameter.dropFirst(2)) else { return nil }
            weight = given
        }
        return weight
    }
}
