import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A cached store's repositories` {
    private let dialogue = WriteDialogue()

    /// Runs `read` on an empty cache to its end.
    ///
    /// - Returns: the first question, which says the key and the tags.
    private func firstQuestion(loading name: String, _ read: @escaping (any Store) async throws -> Encoded?) -> Step? {
        let dialogue = WriteDialogue()
        var result: Encoded?
        dialogue.reads.executor.spawn { result = try? await read(dialogue.store) }
        let question = dialogue.script.unanswered.first
        guard case .look(let tags, let key) = question else { return question }
        dialogue.reads.answer(look: tags, entry: key, tags.map { _ in .token(1) })
        dialogue.reads.answer(load: name, "loaded")
        #expect(result?.text == "loaded")
        return question
    }

    private let context = ReadContext(deadline: 0)

    @Test func `find a row under its tag`() {
        let question = firstQuestion(loading: "find 7") { [context] store in
            try await store.repository(of: Shelf.schema).find(.integer(7), context)
        }
        #expect(question == .look([Tag("shelves:7")], entry: "shelves:7"))
        #expect(context.outcome == .stored)
    }

    @Test func `list rows under the tags of the query`() {
        let all = firstQuestion(loading: "list") { [context] store in
            try await store.repository(of: Jar.schema).list(Query(of: Jar.schema), context)
        }
        #expect(all == .look([Tag("jars")], entry: Query(of: Jar.schema).cacheKey))
        let query = Query(of: Jar.schema, filters: [Jar.filter(\.shelfID, ID(5))])
        let some = firstQuestion(loading: "list") { [context] store in
            try await store.repository(of: Jar.schema).list(query, context)
        }
        #expect(some == .look([Tag("jars/shelf_id=5")], entry: query.cacheKey))
    }

    @Test func `count rows under the tags of the filters, and under a key of its own`() {
        let question = firstQuestion(loading: "count") { [context] store in
            try await store.repository(of: Shelf.schema).count([], context)
        }
        #expect(question == .look([Tag("shelves")], entry: Shelf.schema.countKey([])))
        #expect(Shelf.schema.countKey([]) != Query(of: Shelf.schema).cacheKey)
    }

    @Test func `view a row under its tag, and under a key of its own`() {
        let question = firstQuestion(loading: "filling 3") { [context] store in
            try await store.repository(of: Shelf.schema).view(Shelf.filling, of: .integer(3), context)
        }
        #expect(question == .look([Tag("shelves:3")], entry: "filling:shelves:3"))
    }

    @Test func `return nothing where there is nothing`() {
        var result: Result<Encoded?, any Error>?
        dialogue.reads.executor.spawn { [dialogue, context] in
            do { result = .success(try await dialogue.store.repository(of: Shelf.schema).find(.integer(3), context)) } catch {
                result = .failure(error)
            }
        }
        dialogue.reads.answer(look: [Tag("shelves:3")], entry: "shelves:3", [.token(1)])
        dialogue.reads.answer(load: "find 3", nil)
        guard case .success(nil) = result else {
            Issue.record("it returned \(String(describing: result))")
            return
        }
    }

    @Test func `leave the check to the store below`() {
        dialogue.reads.executor.spawn { [dialogue] in try? await dialogue.store.check(deadline: 0) }
        #expect(dialogue.steps == [.begin])
    }

    @Test func `see every write when it is committed, with tags in one process`() async throws {
        let script = Script()
        let executor = StepExecutor()
        let base = ScriptedStore(script)
        let tags = ProcessTags()
        let lease = CacheLease(clock: { 0 })
        lease.give(.init(keyspace: .first, life: "life", end: .max))
        let backends = (0..<2).map { _ in ProcessBackend(tags, lease, life: "life") }
        let caches = backends.map { Cache($0, policy: CachePolicy(), now: { 0 }) { _ in .quiet } }
        let stores = zip(backends, caches).map {
            CachedStore(base, $1, LeasedAnnouncer($0, lease, other: ScriptedAnnouncer(script: script)))
        }
        var evidence = ReadEvidence.quiet
        /// Reads the first shelf through each worker. What has to be loaded is what the store has now.
        func texts() -> [String?] {
            stores.map { store in
                var text: String?
                executor.spawn {
                    text = try? await store.repository(of: Shelf.schema).find(.integer(1), ReadContext(deadline: 0))?.text
                }
                if script.answer(.load("find 1"), Dialogue.LoadAnswer.success((value(base.rows[1]!.name), [], evidence))) {
                    executor.run()
                }
                return text
            }
        }
        #expect(texts() == ["old", "old"])
        #expect(texts() == ["old", "old"])
        #expect(caches.map(\.statistics.hits) == [1, 1])
        var isOver = false
        executor.spawn {
            try? await stores[0].write(deadline: 0) { unit in
                let row = try await unit.find(ID<Shelf>(1))!
                var value = row.value
                value.name = "new"
                _ = try await unit.update(row, to: value)
            }
            isOver = true
        }
        evidence = .seen(next: 7)
        #expect(texts() == ["old", "old"], "it is not committed")
        #expect(caches.map(\.statistics.bypassed) == [1, 1], "and nothing is served from the cache until it is")
        #expect(script.answer(.commit, ScriptedStore.CommitAnswer.success(())))
        executor.run()
        #expect(isOver)
        evidence = .quiet
        #expect(texts() == ["new", "new"])
        #expect(texts() == ["new", "new"])
        #expect(caches.map(\.statistics.hits) == [2, 2])
    }
}
