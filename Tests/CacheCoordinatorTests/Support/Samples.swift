import Model

@testable import CacheCoordinator

/// Swift Testing has tags too.
typealias Tag = Model.Tag

extension Tag {
    static let a = Tag("a")
    static let b = Tag("b")
    static let c = Tag("c")
}

extension Keyspace {
    static let first = Keyspace("first")
    static let second = Keyspace("second")
}

extension TagState {
    static func token(_ number: UInt64, stamp: UInt64 = 1) -> TagState { .token(VersionToken(number), stamp: stamp) }
    static func placeholder(_ number: UInt64) -> TagState { .placeholder(VersionToken(number)) }
    static func mark(_ stamp: UInt64?, _ writers: UInt64...) -> TagState { .mark(Mark(stamp: stamp, writers: .only(writers))) }

    /// A writer that does not end is announced.
    static let writing = mark(1, 1_000)
}

extension ReadEvidence {
    /// Up to 99 all are finished, and nobody writes.
    static let quiet = ReadEvidence(snapshot: TransactionSnapshot(next: 100), writers: [])

    static func seen(next: UInt64, running: [UInt64] = [], writers: [UInt64]? = []) -> ReadEvidence {
        ReadEvidence(snapshot: TransactionSnapshot(next: next, running: running), writers: writers)
    }
}

extension [VersionToken] {
    static func numbers(_ numbers: UInt64...) -> [VersionToken] { numbers.map(VersionToken.init) }
}

/// A value as a client receives it. Its tag says nothing: a cache hands it on as it is.
func value(_ text: String, next: String? = nil) -> Encoded {
    Encoded(bytes: Array(text.utf8), tag: EntityTag(high: 1, low: UInt64(text.utf8.count)), next: next)
}

extension Encoded {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

extension Entry {
    /// An entry about which only what is given matters.
    convenience init(
        _ text: String? = "value", tags: [Tag] = [.a], tokens: [VersionToken] = .numbers(1), expires: Int64 = .max,
        validated: Int64 = 0
    ) {
        self.init(text.map { value($0) }, tags: tags, tokens: tokens, expires: expires, validated: validated)
    }

    /// As it is stored under the key that most tests use.
    var bytes: [UInt8] { bytes(under: "k") }

    convenience init?(bytes: [UInt8], now: Int64) { self.init(bytes: bytes, under: "k", now: now) }
}

extension Mark {
    /// One whose origin does not matter.
    init(stamp: UInt64?, writers: Writers) { self.init(origin: VersionToken(0), stamp: stamp, writers: writers) }
}

extension TagState {
    /// The same with a mark whose origin does not matter.
    var withoutOrigin: TagState {
        guard case .mark(let mark) = self else { return self }
        return .mark(Mark(stamp: mark.stamp, writers: mark.writers))
    }
}
