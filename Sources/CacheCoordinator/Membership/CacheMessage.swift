public import Model

/// What members of a cache, and the triggers of the store, tell each other.
///
/// As text it is words in one line, and a tag in each line that follows.
public enum CacheMessage: Hashable, Sendable {
    /// The row has changed.
    case row
    /// Announce a transaction in this keyspace, for one who cannot reach the cache server.
    case relay(Relay)
    /// A relay was done, or cannot be.
    case answer(to: String, number: UInt64, isDone: Bool)
    /// A transaction has changed what these tags stand for, and announced nothing; nil: more than can be listed.
    case changed(id: UInt64, tags: [Tag]?)
    /// Says that messages arrive.
    case beat(member: String, number: UInt64)

    /// An announcement for another to make.
    public struct Relay: Hashable, Sendable {
        /// The member that is asked.
        public var to: String
        /// The one that asks, and the number by which it knows the answer.
        public var from: String
        /// By which the one that asks knows the answer.
        public var number: UInt64
        /// Where it is to be announced.
        public var keyspace: Keyspace
        /// The life of the server that has it.
        public var life: String
        /// The transaction.
        public var id: UInt64
        /// What the transaction touches.
        public var tags: [Tag]
    }

    /// How long a text may be, in bytes. (PostgreSQL takes less than 8,000.)
    public static let maximumBytes = 7_900

    /// Reads it; nil for what is none.
    public init?(_ text: String) {
        var lines = text.split(separator: "\n")[...]
        guard let words = lines.popFirst()?.split(separator: " ") else { return nil }
        let tags = lines.map { Tag(String($0)) }
        switch (words.first, words.count) {
        case ("row", 1): self = .row
        case ("relay", 7):
            guard let number = UInt64(words[3]), let id = UInt64(words[6]) else { return nil }
            self = .relay(
                Relay(
                    to: String(words[1]), from: String(words[2]), number: number, keyspace: Keyspace(String(words[4])),
                    life: String(words[5]), id: id, tags: tags))
        case ("done", 3), ("failed", 3):
            guard let number = UInt64(words[2]) else { return nil }
            self = .answer(to: String(words[1]), number: number, isDone: words[0] == "done")
        case ("changed", 2), ("changed", 3):
            guard let id = UInt64(words[1]), words.count == 2 || words[2] == "*" else { return nil }
            self = .changed(id: id, tags: words.count == 2 ? tags : nil)
        case ("beat", 3):
            guard let number = UInt64(words[2]) else { return nil }
            self = .beat(member: String(words[1]), number: number)
        default: return nil
        }
    }

    /// As it is sent.
    public var text: String {
        switch self {
        case .row: "row"
        case .relay(let relay):
            ([
                "relay \(relay.to) \(relay.from) \(relay.number) \(relay.keyspace.name) \(relay.life) \(relay.id)"
            ] + relay.tags.map(\.name)).joined(separator: "\n")
        case .answer(let member, let number, let isDone): "\(isDone ? "done" : "failed") \(member) \(number)"
        case .changed(let id, let tags?): (["changed \(id)"] + tags.map(\.name)).joined(separator: "\n")
        case .changed(let id, nil): "changed \(id) *"
        case .beat(let member, let number): "beat \(member) \(number)"
        }
    }
}

extension [Tag] {
    /// In parts whose names fit into messages, with so many bytes for what stands before them.
    func parts(beside head: Int) -> [[Tag]] {
        var parts: [[Tag]] = []
        var bytes = CacheMessage.maximumBytes
        for tag in self {
            bytes += tag.name.utf8.count + 1
            if bytes + head > CacheMessage.maximumBytes {
                parts.append([])
                bytes = tag.name.utf8.count + 1
            }
            parts[parts.count - 1].append(tag)
        }
        return parts
    }
}
