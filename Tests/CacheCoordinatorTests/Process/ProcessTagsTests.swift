import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A process's tags` {
    private let tags = ProcessTags()

    private func states(_ asked: Tag..., at now: UInt64 = 0) -> [TagState] { tags.states(of: asked, at: now, create: false) }
    private func created(_ asked: Tag..., at now: UInt64 = 0) -> [TagState] { tags.states(of: asked, at: now, create: true) }

    private func announce(_ touched: Tag..., at now: UInt64 = 0, until deadline: UInt64 = 100) -> VersionToken {
        let writer = VersionToken.random()
        tags.announce(touched, by: writer, at: now, until: deadline)
        return writer
    }

    @Test func `are absent until they are given a token, which then stands`() throws {
        #expect(states(.a, .b) == [.absent, .absent])
        let first = created(.a)
        #expect(first[0].token != nil)
        #expect(states(.a, .b) == [first[0], .absent])
        #expect(created(.b, .a)[1] == first[0])
        #expect(created(.a) == first)
        #expect(created(.b) != first)
    }

    @Test func `bear an intent from the announcement to the release, and then a new token`() throws {
        let before = created(.a)[0]
        let writer = announce(.a)
        #expect(states(.a) == [.intent])
        #expect(created(.a) == [.intent], "no token over an intent")
        let token = tags.release([.a], by: writer, at: 1)[0]
        let after = states(.a)[0]
        #expect(after.token != nil)
        #expect(after != before)
        #expect(after.token == token)
    }

    @Test func `are marked and released each by itself`() throws {
        let others = created(.c)
        let first = announce(.a, .b)
        let second = announce(.b)
        #expect(states(.a, .b, .c) == [.intent, .intent, others[0]])
        let released = tags.release([.a, .b], by: first, at: 1)
        #expect(released[0] != nil, "it was alone on a")
        #expect(released[1] == nil, "another writer is on b")
        #expect(states(.a, .b)[0].token == released[0])
        #expect(states(.a, .b)[1] == .intent)
        #expect(tags.release([.b], by: second, at: 1) == [nil], "it was not alone on b")
        #expect(states(.b)[0].token != nil)
    }

    @Test func `bear an intent no longer than it lives, and are absent then`() {
        _ = created(.a)
        _ = announce(.a, until: 100)
        #expect(states(.a, at: 99) == [.intent])
        #expect(states(.a, at: 100) == [.absent], "the old token must not come back")
        #expect(created(.a, at: 100)[0].token != nil)
    }

    @Test func `bear each of several intents to its own deadline`() {
        _ = announce(.a, at: 0, until: 100)
        _ = announce(.a, at: 50, until: 80)
        #expect(states(.a, at: 90) == [.intent], "the younger one's end does not end the older one")
        #expect(states(.a, at: 100) == [.absent])
        _ = announce(.b, at: 0, until: 100)
        let living = announce(.b, at: 50, until: 150)
        #expect(states(.b, at: 120) == [.intent], "nor the other way round")
        _ = tags.release([.b], by: living, at: 120)
        #expect(states(.b, at: 120)[0].token != nil, "the dead one does not block")
    }

    @Test func `take a writer that comes after a dead one for alone`() {
        _ = announce(.a, until: 100)
        let second = announce(.a, at: 100, until: 200)
        #expect(tags.release([.a], by: second, at: 150)[0] != nil)
    }

    @Test func `do not take a writer for alone that began beside one which died later`() {
        _ = announce(.a, until: 100)
        let second = announce(.a, at: 50, until: 200)
        #expect(tags.release([.a], by: second, at: 150) == [nil], "the dead one may have committed")
    }

    @Test func `give a writer that is released after its deadline no token to write with`() {
        let writer = announce(.a, until: 100)
        let inBetween = created(.a, at: 100)[0]
        #expect(tags.release([.a], by: writer, at: 101) == [nil])
        let after = states(.a, at: 101)[0]
        #expect(after.token != nil)
        #expect(after != inBetween, "what was filled in between is invalid all the same")
    }

    @Test func `renew the token of whoever is released without an announcement`() {
        let before = created(.a)[0]
        #expect(tags.release([.a], by: .random(), at: 0) == [nil])
        #expect(states(.a)[0].token != nil)
        #expect(states(.a)[0] != before)
    }

    @Test func `lose their tokens, and not their intents, when they are forgotten`() {
        _ = created(.a)
        let writer = announce(.b)
        tags.forgetTokens()
        #expect(states(.a, .b) == [.absent, .intent])
        #expect(tags.release([.b], by: writer, at: 0) == [nil], "it was not alone")
        #expect(states(.b)[0].token != nil)
    }

    @Test(arguments: [(1, 0, 0), (2, 0, 0), (3, 0, 0), (1, 0, 2), (2, 0, 2), (2, 1, 1), (3, 1, 0), (3, 2, 0)])
    func `with several writers in every order bear intents, new tokens, or nothing`(writers: Int, dying: Int, invalidations: Int)
    {
        for story in writerStories(writers: writers, dying: dying, invalidations: invalidations) { tell(story) }
    }

    private func tell(_ story: [WriterStep]) {
        let tags = ProcessTags()
        let names = (0..<3).map { VersionToken(UInt64($0)) }
        // A step takes one unit of time. A writer that dies has as many as it has steps until then.
        func deadline(_ writer: Int) -> UInt64 { UInt64(story.firstIndex(of: .expire(writer)) ?? 1_000) }
        var known: Set<VersionToken> = []
        for (position, step) in story.enumerated() {
            let now = UInt64(position)
            var told: VersionToken?
            switch step {
            case .announce(let writer): tags.announce([.a], by: names[writer], at: now, until: deadline(writer))
            case .release(let writer):
                told = tags.release([.a], by: names[writer], at: now)[0]
                #expect((told != nil) == isAlone(writer, in: story), "writer \(writer) in \(story)")
            case .invalidate:
                let nobody = VersionToken(99)
                tags.announce([.a], by: nobody, at: now, until: now + 1)
                _ = tags.release([.a], by: nobody, at: now)
            case .expire: break
            }
            let state = tags.states(of: [.a], at: now, create: false)[0]
            let living = announced(after: story[...position])
            #expect((state == .intent) == !living.isEmpty, "after step \(position) of \(story)")
            if let told { #expect(state == .version(told), "after step \(position) of \(story)") }
            if let token = state.token {
                #expect(known.insert(token).inserted, "a token came back after step \(position) of \(story)")
            }
        }
    }
}

extension TagState {
    var token: VersionToken? { if case .version(let token) = self { token } else { nil } }
}
