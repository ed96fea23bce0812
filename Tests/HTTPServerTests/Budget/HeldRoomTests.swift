import Testing

@testable import HTTPServer

@Suite struct `The room for what is held` {
    private let room = HeldRoom(bytes: 200)

    @Test func `is one half for requests and one for answers`() {
        #expect(room.takeRequest(100))
        #expect(!room.takeRequest(1))
        #expect(room.takeAnswer(100, nil))
        #expect(!room.takeAnswer(1, nil))
        #expect(room.held == [.request: 100, .answer: 100])
        room.giveBackRequest(40)
        #expect(room.hasRoomForRequest(40) && !room.hasRoomForRequest(41))
        #expect(!room.hasRoomForAnswer(1, nil))
    }

    @Test func `is taken for an answer as a whole, or not at all`() {
        let body = [UInt8](repeating: 1, count: 80)
        #expect(!room.takeAnswer(21, body))
        #expect(room.held[.answer] == 0)
        #expect(room.takeAnswer(20, body))
        #expect(room.held[.answer] == 100)
    }

    @Test func `is taken once for a body that several clients get`() {
        let body = [UInt8](repeating: 1, count: 80)
        #expect(room.takeAnswer(0, body))
        #expect(room.hasRoomForAnswer(20, body) && !room.hasRoomForAnswer(21, body))
        #expect(room.takeAnswer(0, body))
        room.giveBackShare(body)
        #expect(room.held[.answer] == 80)
        room.giveBackShare(body)
        #expect(room.held[.answer] == 0)
    }

    @Test func `never suffices for what is longer than all of it`() {
        #expect(room.couldHoldRequests(100) && !room.couldHoldRequests(101))
        #expect(room.couldHoldAnswer(60, nil, beside: 40) && !room.couldHoldAnswer(60, nil, beside: 41))
        #expect(!room.couldHoldAnswer(0, [UInt8](repeating: 1, count: 101), beside: 0))
    }

    @Test func `is searched for those who stall no more for a while if that was in vain`() {
        #expect(room.maySearch(.answer, 0))
        room.searchedInVain(.answer, 1_000)
        #expect(!room.maySearch(.answer, 1_099))
        #expect(room.maySearch(.answer, 1_100))
        #expect(room.maySearch(.request, 1_000))
    }
}
