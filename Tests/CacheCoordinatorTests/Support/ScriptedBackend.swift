import Model
import Testing

@testable import CacheCoordinator

/// What a cache asks of its backend and of its store, and what it tells them.
enum Step: Equatable {
    case look([Tag], entry: String?)
    case createTokens([Tag])
    case announce(Set<Tag>, lifetime: Int)
    case release(Set<Tag>)
    case invalidate(Set<Tag>)
    case load(String)
    case begin
    case commit
    /// Told, not asked: nobody waits for an answer.
    case store(String, tags: [Tag], tokens: [UInt64], keyspace: Keyspace)
    case settleLater(Set<Tag>, lifetime: Int)
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

    let keyspace: Keyspace? = .first
    private let script: Script
    /// The lifetimes of the entries that it was told to store.
    private(set) var lifetimes: [Int] = []
    private(set) var lastStored: Entry?

    init(_ script: Script) { self.script = script }

    func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        try await script.ask(.look(tags, entry: key), for: Answer<CacheLook>.self).get()
    }

    func createTokens(for tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        try await script.ask(.createTokens(tags), for: Answer<CacheLook>.self).get()
    }

    func store(_ entry: [UInt8], under key: String, lifetime milliseconds: Int, in keyspace: Keyspace) {
        let stored = Entry(bytes: entry, under: key, now: 0)!
        lifetimes.append(milliseconds)
        lastStored = stored
        script.tell(.store(key, tags: stored.tags, tokens: stored.tokens.map(\.value), keyspace: keyspace))
    }

    func announce(_ tags: [Tag], lifetime milliseconds: Int) async throws(CacheUnavailable) -> Announcement {
        try await script.ask(.announce(Set(tags), lifetime: milliseconds), for: Answer<Void>.self).get()
        return Announcement(keyspace: .first, writer: VersionToken(1), tags: tags)
    }

    func release(_ announcement: Announcement) async throws(CacheUnavailable) -> [VersionToken?] {
        try await script.ask(.release(Set(announcement.tags)), for: Answer<Void>.self).get()
        return announcement.tags.map { _ in nil }
    }

    func settleLater(_ tags: [Tag], lifetime milliseconds: Int) {
        script.tell(.settleLater(Set(tags), lifetime: milliseconds))
    }

    func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) {
        try await script.ask(.invalidate(Set(tags)), for: Answer<Void>.self).get()
    }

    func clear() async throws(CacheUnavailable) { Issue.record("no coordinator clears the cache by itself") }
}
