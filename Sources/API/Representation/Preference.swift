internal import HTTPServer

/// What a client would like, if it can be had (RFC 7240).
enum Preference {
    /// `return=minimal`: to know that a write was made is enough. Of several `return` the first counts.
    static func isMinimal(_ request: Request) -> Bool {
        request.withHeader("prefer", prefersMinimal) ?? false
    }

    private static func prefersMinimal(_ value: Span<UInt8>) -> Bool {
        var preferences = FieldParts(listIn: value)
        while let preference = preferences.next(in: value) {
            var parts = FieldParts(parametersIn: preference)
            guard let part = parts.next(in: value) else { continue }
            let equals = value.firstIndex(of: UInt8(ascii: "="), in: part)
            guard value.equals("return", in: value.trimmed(part.lowerBound..<(equals ?? part.upperBound))) else { continue }
            guard let equals else { return false }
            let word = value.trimmed(equals + 1..<part.upperBound)
            return value.equals("minimal", in: word) || value.equals("\"minimal\"", in: word)
        }
        return false
    }
}
