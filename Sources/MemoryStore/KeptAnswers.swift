internal import Model

/// The answers that were kept for idempotency keys.
struct KeptAnswers: Sendable {
    private struct Entry: Sendable {
        let answer: KeptAnswer
        let time: Timestamp
    }

    /// When an answer was kept, and its key.
    private struct Age: Ordered {
        let time: Timestamp
        let name: Value

        static func isOrderedBefore(_ a: Age, _ b: Age) -> Bool {
            a.time == b.time ? Value.isOrderedBefore(a.name, b.name) : a.time < b.time
        }
    }

    private var entries = SortedMap<Value, Entry>()
    private var ages = SortedMap<Age, Void>()

    /// The answer that was kept within the key's lifetime until `time`.
    func answer(for key: IdempotencyKey, at time: Timestamp) -> KeptAnswer? {
        entries[.text(key.name)].flatMap { $0.time >= Self.oldest(of: key, at: time) ? $0.answer : nil }
    }

    /// Keeps an answer, and drops some whose time is over.
    mutating func keep(_ answer: KeptAnswer, for key: IdempotencyKey, at time: Timestamp) {
        let oldest = Self.oldest(of: key, at: time)
        for age in ages.prefix(IdempotencyKey.dropsPerWrite).map(\.key) where age.time < oldest { remove(age.name) }
        remove(.text(key.name))
        entries.put(Entry(answer: answer, time: time), at: .text(key.name))
        ages.put((), at: Age(time: time, name: .text(key.name)))
    }

    private mutating func remove(_ name: Value) {
        guard let former = entries[name] else { return }
        entries.remove(name)
        ages.remove(Age(time: former.time, name: name))
    }

    private static func oldest(of key: IdempotencyKey, at time: Timestamp) -> Timestamp {
        Timestamp(microseconds: time.microseconds - key.lifetime * 1_000_000)
    }
}
