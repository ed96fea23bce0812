import Model
import Testing

@testable import CacheCoordinator

/// A cache whose backend and store say what the test says, when it says so.
final class Dialogue {
    let executor = StepExecutor()
    let script = Script()
    let backend: ScriptedBackend
    let cache: Cache

    /// Milliseconds, as the cache sees them.
    var now: Int64 {
        get { clock.now }
        set { clock.now = newValue }
    }
    private let clock: Clock
    /// What audits found.
    var violations: [FreshnessViolation] { reports.all }
    private let reports = Reports()

    private final class Reports {
        var all: [FreshnessViolation] = []
    }

    private final class Clock {
        var now: Int64 = 1_000_000
    }

    init(_ policy: CachePolicy = CachePolicy()) {
        let clock = Clock()
        self.clock = clock
        backend = ScriptedBackend(script)
        cache = Cache(backend, policy: policy, now: { clock.now }, report: { [reports] in reports.all.append($0) }) {
            [script] _ in
            try await script.ask(.confirm, for: Result<ReadEvidence, any Error>.self).get()
        }
    }

    // MARK: Reading

    /// A read that was begun.
    final class Reading {
        let context: ReadContext
        fileprivate(set) var result: Result<Encoded?, any Error>?

        fileprivate init(_ context: ReadContext) { self.context = context }

        var isOver: Bool { result != nil }
        var outcome: CacheOutcome? { context.outcome }
        /// The value, if it came to one.
        var text: String? { (try? result?.get())?.text }
        /// Whether it came to its end and found that there is nothing.
        var isAbsent: Bool { if case .success(nil) = result { true } else { false } }
        var error: (any Error)? { if case .failure(let error) = result { error } else { nil } }
    }

    /// What the test lets a load return: a value or nil, the tags that it depends on, and what the store knew.
    typealias LoadAnswer = Result<(value: Encoded?, tags: [Tag], evidence: ReadEvidence), any Error>

    func read(
        _ key: String = "k", tags: [Tag] = [.a], of resource: String = "things", deadline: UInt64 = 0,
        demand: CacheDemand = CacheDemand(), coding: Coding? = nil
    ) -> Reading {
        let reading = Reading(ReadContext(deadline: deadline, demand: demand, coding: coding))
        executor.spawn { [self] in
            do {
                reading.result = .success(
                    try await cache.read(key, of: resource, tags: { tags }, reading.context) { context in
                        #expect(context.deadline == deadline)
                        let answer = try await script.ask(.load(key), for: LoadAnswer.self).get()
                        for tag in answer.tags { context.depend(on: tag) }
                        // It says who writes only if it is asked to.
                        var evidence = answer.evidence
                        if !context.asksWhoWrites { evidence.writers = nil }
                        context.saw(evidence)
                        return answer.value
                    })
            } catch {
                reading.result = .failure(error)
            }
        }
        return reading
    }

    // MARK: Answering

    /// Answers the oldest question of this kind, and lets everybody go on.
    func answer(
        look tags: [Tag], entry key: String?, _ states: [TagState], stored: Entry? = nil, in keyspace: Keyspace = .first,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let look = CacheLook(keyspace: keyspace, tags: states, entry: stored?.bytes(under: key ?? ""))
        give(.look(tags, entry: key), ScriptedBackend.Answer<CacheLook>.success(look), location)
    }

    func answer(
        look tags: [Tag], entry key: String?, _ states: [TagState], bytes: [UInt8], _ location: SourceLocation = #_sourceLocation
    ) {
        let look = CacheLook(keyspace: .first, tags: states, entry: bytes)
        give(.look(tags, entry: key), ScriptedBackend.Answer<CacheLook>.success(look), location)
    }

    func answer(
        place tags: [Tag], _ states: [TagState], in keyspace: Keyspace = .first,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let look = CacheLook(keyspace: keyspace, tags: states, entry: nil)
        give(.place(tags), ScriptedBackend.Answer<CacheLook>.success(look), location)
    }

    func answer(
        load key: String = "k", _ text: String?, tags: [Tag] = [], seeing evidence: ReadEvidence = .quiet,
        _ location: SourceLocation = #_sourceLocation
    ) {
        give(.load(key), LoadAnswer.success((text.map { value($0) }, tags, evidence)), location)
    }

    func answer(load key: String = "k", value: Encoded, _ location: SourceLocation = #_sourceLocation) {
        give(.load(key), LoadAnswer.success((value, [], .quiet)), location)
    }

    func answer(confirm evidence: ReadEvidence, _ location: SourceLocation = #_sourceLocation) {
        give(.confirm, Result<ReadEvidence, any Error>.success(evidence), location)
    }

    func fail(load key: String = "k", _ error: any Error, _ location: SourceLocation = #_sourceLocation) {
        give(.load(key), LoadAnswer.failure(error), location)
    }

    /// Lets the oldest look of this kind fail.
    func fail(_ step: Step, _ failure: CacheUnavailable, _ location: SourceLocation = #_sourceLocation) {
        give(step, ScriptedBackend.Answer<CacheLook>.failure(failure), location)
    }

    /// Answers what a writer asked of the backend.
    func answer(_ step: Step, _ failure: CacheUnavailable? = nil, _ location: SourceLocation = #_sourceLocation) {
        give(step, failure.map(ScriptedBackend.Answer<Void>.failure) ?? .success(()), location)
    }

    private func give<Answer>(_ step: Step, _ answer: Answer, _ location: SourceLocation) {
        if !script.answer(step, answer) {
            Issue.record("nobody asks \(step); unanswered are \(script.unanswered)", sourceLocation: location)
        }
        executor.run()
    }

    // MARK: Beginnings

    /// Fills this worker's memory with a value under the token 1 of the tag a, and forgets how.
    func remember(_ text: String, under key: String = "k", _ location: SourceLocation = #_sourceLocation) {
        let reading = read(key)
        answer(look: [.a], entry: key, [.token(1)], location)
        answer(load: key, text, tags: [], seeing: .quiet, location)
        #expect(reading.outcome == .stored, sourceLocation: location)
        script.forgetSteps()
    }
}
