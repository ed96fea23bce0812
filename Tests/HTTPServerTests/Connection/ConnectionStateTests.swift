import Testing

@testable import HTTPServer

private let limits = {
    var limits = ServerLimits()
    limits.headerMilliseconds = 100
    limits.bodyMilliseconds = 200
    limits.idleMilliseconds = 300
    limits.lingerMilliseconds = 400
    limits.maxLingerBytes = 1_000
    return limits
}()

@Suite struct `The state of a connection` {
    private var state = ConnectionState(0, limits)

    @Test func `lets the first request begin within the time of a head`() {
        #expect(state.phase == .reading && state.isBetweenRequests)
        #expect(state.delay(99) == nil)
        #expect(state.delay(100) == .request)
    }

    @Test mutating func `gives a head its time from the first byte on, and not from each`() {
        let first = state.beginHead(50, limits)
        let second = state.beginHead(120, limits)
        #expect(first && !second)
        #expect(!state.isBetweenRequests)
        #expect(state.delay(149) == nil)
        #expect(state.delay(150) == .head)
    }

    @Test mutating func `lets a handler take its time, but not the content that it waits for`() {
        state.endHead()
        #expect(state.phase == .handling && !state.isBetweenRequests)
        #expect(state.delay(1_000_000) == nil)
        state.awaitContent(1_000, limits)
        #expect(state.delay(1_199) == nil)
        #expect(state.delay(1_200) == .content)
        state.endContent()
        #expect(state.delay(1_000_000) == nil)
    }

    @Test mutating func `lets the next request begin later than the first one, and gives its head the same time`() {
        _ = state.beginHead(0, limits)
        state.endHead()
        state.awaitRequest(1_000, limits)
        #expect(state.phase == .reading && state.isBetweenRequests)
        #expect(state.delay(1_299) == nil)
        #expect(state.delay(1_300) == .request)
        let isFirst = state.beginHead(1_200, limits)
        #expect(isFirst)
        #expect(state.delay(1_300) == .head)
    }

    @Test mutating func `is between requests while the client does not take the answers`() {
        state.endHead()
        state.block()
        #expect(state.phase == .blocked && state.isBetweenRequests)
        #expect(state.delay(1_000_000) == nil)
    }

    @Test mutating func `gives the client time to end, which is counted from when all was sent`() {
        let finishes = state.finish()
        #expect(finishes && state.delay(1_000_000) == nil)
        let lingers = state.linger(1_000, limits)
        #expect(lingers && state.phase == .lingering)
        #expect(state.delay(1_399) == nil)
        #expect(state.delay(1_400) == .end)
    }

    @Test mutating func `reads and forgets no more than the limit, and does not linger for who sent more`() {
        _ = state.finish()
        let readsOn = state.forget(1_000, limits)
        #expect(readsOn)
        let readsOnBeyond = state.forget(1, limits)
        let lingers = state.linger(1_000, limits)
        #expect(!readsOnBeyond && !lingers)
        #expect(state.phase == .finishing)
    }

    @Test mutating func `stays closed`() {
        state.close()
        let finishes = state.finish()
        #expect(!finishes && state.phase == .closed)
        #expect(state.delay(1_000_000) == nil)
    }
}
