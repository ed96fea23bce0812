internal import Model

/// A cached value: the bytes that a client receives, and for each tag the random part of a token which it had when the value was
/// known to have all writes of it. It is valid if, and only if, every tag has that token now.
///
/// That there is nothing is a value too, which ends when something is made: that touches the same tags.
final class Entry {
    /// Nil says that there is nothing.
    let encoded: Encoded?
    let tags: [Tag]
    let tokens: [VersionToken]
    /// When it ends, in milliseconds since 1970.
    let expires: Int64
    /// When it was last known to be valid, in milliseconds since 1970: when the read began that read its tokens.
    var validated: Int64

    init(_ encoded: Encoded?, tags: [Tag], tokens: [VersionToken], expires: Int64, validated: Int64) {
        self.encoded = encoded
        self.tags = tags
        self.tokens = tokens
        self.expires = expires
        self.validated = validated
    }

    /// Whether every tag has the token that the entry carries.
    ///
    /// - Parameter states: those of its tags, in their order; more may follow.
    func isValid(under states: [TagState]) -> Bool {
        guard states.count >= tokens.count else { return false }
        for index in tokens.indices {
            guard case .token(let token, _) = states[index], token == tokens[index] else { return false }
        }
        return true
    }

    /// The same with the form that a client which wants `coding` is sent.
    func with(_ coding: Coding?) -> Entry {
        Entry(encoded?.with(coding), tags: tags, tokens: tokens, expires: expires, validated: validated)
    }

    /// About how many bytes of memory it takes.
    var size: Int {
        (encoded?.bytes.count ?? 0) + (encoded?.gzip?.count ?? 0) + tags.reduce(0) { $0 + $1.name.utf8.count + 24 } + 256
    }
}
