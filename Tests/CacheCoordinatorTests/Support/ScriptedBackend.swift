import Model
import Testing

@testable import CacheCoordinator

/// What a cache asks of its backend and of its store, and what it tells them.
enum Step: Equatable {
    case look([Tag], entry: String?)
    case place([Tag])
    case announce(Set<Tag>, by: UInt64)
    case announceElsewhere(Set<Tag>, by: UInt64)
    case load(String)
    case confirm
    case begin
    case commit
    // Told, not asked: nobody waits for an answer.
    /// An entry under tokens that were there.
    case store(String, tags: [Tag], tokens: [UInt64], keyspace: Keyspace)
    /// An entry under tokens of which some are made, with this stamp, in the place of these states.
    case make(String, tags: [Tag], from: [TagState], stamp: UInt64)
    /// Other states in the place of these, and no entry.
    case mark([Tag], from: [TagState], to: [TagState])
    case writeThrough([String], by: UInt64)
    case rollback
}

/// All that was asked and told, in order, with those who wait for answers.
final class Script {
    private(set) var steps: [Step] = []
    private var waiting: [(step: Step, answer: (Any) -> Void)] = []

    /// What was asked and has no answer yet.
    var unanswered: [Step] { waiting.map(\.step) }

    func tell(_ step: Step) { steps.append(step) }

    /// Waits for the test's answer.
    func ask<Answer>(_ step: Step, for: Answer.Type = Answer.self) async -> Answer {
        steps.append(step)
        var answer: Answer?
        await withUnsafeContinuation { continuation in
            waiting.append(
                (
                    step,
                    {
                        answer = ($0 as! Answer)  // a test that answers something else is wrong
                        continuation.resume()
                    }
                ))
        }
        return answer!
    }

    /// Answers the oldest question of this kind.
    ///
    /// - Returns: whether there is one.
    func answer<Answer>(_ step: Step, _ answer: Answer) -> Bool {
        guard let place = waiting.firstIndex(where: { $0.step == step }) else { return false }
        waiting.remove(at: place).answer(answer)
        return true
    }

    func forgetSteps() { steps = [] }
}

/// A backend whose every answer the test gives.
final class ScriptedBackend: CacheBackend {
    typealias Answer<Value> = Result<Value, CacheUnavailable>

    let life: String? = "life"
    var keyspace: Keyspace? = .first
    private let script: Script
    /// The lifetimes of the entries that it was told to store.
    private(set) var lifetimes: [Int] = []
    private(set) var lastStored: Entry?

    init(_ script: Script) { self.script = script }

    func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        try await script.ask(.look(tags, entry: key), for: Answer<CacheLook>.self).get()
    }

    func place(on tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        try await script.ask(.place(tags), for: Answer<CacheLook>.self).get()
    }

    func fill(_ fill: CacheFill) {
        let tags = fill.changes.map(\.tag)
        guard let (key, bytes, lifetime) = fill.entry else {
            return script.tell(.mark(tags, from: fill.changes.map(\.from), to: fill.changes.map(\.to)))
        }
        let stored = Entry(bytes: bytes, under: key, now: 0)!
        lifetimes.append(lifetime)
        lastStored = stored
        var stamps: Set<UInt64> = []
        for change in fill.changes {
            guard case .token(let token, let stamp) = change.to, let position = stored.tags.firstIndex(of: change.tag),
                stored.tokens[position] == token
            else {
                Issue.record("the entry does not carry the token that is made for \(change.tag)")
                continue
            }
            stamps.insert(stamp)
        }
        guard let stamp = stamps.first else {
            return script.tell(
                .store(key, tags: stored.tags, tokens: stored.tokens.map(\.value), keyspace: fill.keyspace))
        }
        #expect(stamps.count == 1)
        script.tell(.make(key, tags: stored.tags, from: fill.changes.map(\.from), stamp: stamp))
    }

    func announce(
        _ id: UInt64, on tags: [Tag], in keyspace: Keyspace, life: String
    ) async throws(CacheUnavailable) {
        #expect(life == self.life)
        try await script.ask(.announce(Set(tags), by: id), for: Answer<Void>.self).get()
    }

    func writeThrough(_ values: [WrittenValue], by id: UInt64) {
        for value in values { lastStored = Entry(bytes: value.bytes, under: value.key, now: 0)! }
        script.tell(.writeThrough(values.map(\.key), by: id))
    }

    func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) { Issue.record("no coordinator invalidates by itself") }

    func clear() async throws(CacheUnavailable) { Issue.record("no coordinator clears the cache by itself") }
}

/// Who announces what the backend does not.
struct ScriptedAnnouncer: Announcer {
    let script: Script

    struct Refused: Error {}

    func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws {
        guard await script.ask(.announceElsewhere(Set(tags), by: id), for: Bool.self) else { throw Refused() }
    }
}
