internal import Bytes

// The form in which a backend keeps states: a token is 16 hexadecimal digits, `@` and its stamp; a mark is `!`, its origin in 16
// hexadecimal digits, `@`, the stamp if there is one, `;` and the writers' ids with commas between, or `<` and the last of all up to it; a placeholder is `?` and 16
// hexadecimal digits.
extension TagState {
    /// Reads it; nil for what was not written by us.
    @inline(__always)
    public init?(text: UnsafeRawBufferPointer) {
        if text.count > Hexadecimal.digits + 1, text[Hexadecimal.digits] == UInt8(ascii: "@") {
            let digits = UnsafeRawBufferPointer(rebasing: text[..<Hexadecimal.digits])
            let number = UnsafeRawBufferPointer(rebasing: text[(Hexadecimal.digits + 1)...])
            guard let token = Hexadecimal.read(digits), let stamp = Decimal.read(number) else { return nil }
            self = .token(VersionToken(token), stamp: stamp)
        } else {
            self.init(uncommon: text)
        }
    }

    @inline(never)
    private init?(uncommon text: UnsafeRawBufferPointer) {
        switch text.first {
        case UInt8(ascii: "?"):
            guard let random = Hexadecimal.read(UnsafeRawBufferPointer(rebasing: text[1...])) else { return nil }
            self = .placeholder(VersionToken(random))
        case UInt8(ascii: "!"):
            guard let mark = Mark(text: text.dropFirst()) else { return nil }
            self = .mark(mark)
        default: return nil
        }
    }

    /// Its text; of an absent one nothing.
    public var text: String {
        switch self {
        case .token(let token, let stamp): "\(token.text)@\(stamp)"
        case .mark(let mark): "!" + mark.text
        case .placeholder(let random): "?" + random.text
        case .absent: ""
        }
    }
}

extension Mark {
    fileprivate init?(text: Slice<UnsafeRawBufferPointer>) {
        guard let start = text.firstIndex(of: UInt8(ascii: "@")), let end = text.firstIndex(of: UInt8(ascii: ";")), start < end,
            let origin = Hexadecimal.read(UnsafeRawBufferPointer(rebasing: text[..<start]))
        else { return nil }
        self.origin = VersionToken(origin)
        let stamp = text[(start + 1)..<end]
        let ids = text[(end + 1)...]
        if !stamp.isEmpty, Decimal.read(UnsafeRawBufferPointer(rebasing: stamp)) == nil { return nil }
        self.stamp = Decimal.read(UnsafeRawBufferPointer(rebasing: stamp))
        if ids.first == UInt8(ascii: "<") {
            guard let last = Decimal.read(UnsafeRawBufferPointer(rebasing: ids.dropFirst())) else { return nil }
            writers = .upTo(last)
        } else {
            let listed = ids.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
            let numbers = listed.compactMap { Decimal.read(UnsafeRawBufferPointer(rebasing: $0)) }
            guard numbers.count == listed.count else { return nil }
            writers = .only(numbers)
        }
    }

    fileprivate var text: String {
        let ids =
            switch writers {
            case .only(let ids): ids.map(String.init).joined(separator: ",")
            case .upTo(let last): "<\(last)"
            }
        return "\(origin.text)@\(stamp.map(String.init) ?? "");\(ids)"
    }
}

extension VersionToken {
    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: Hexadecimal.digits - digits.count) + digits
    }
}
