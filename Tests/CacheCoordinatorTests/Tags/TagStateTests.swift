import Model
import Testing

@testable import CacheCoordinator

@Suite struct `The state of a tag` {
    private func read(_ text: String) -> TagState? { Array(text.utf8).withUnsafeBytes { TagState(text: $0) } }

    @Test(arguments: [
        (TagState.token(0x2a, stamp: 726), "000000000000002a@726"), (.placeholder(.max), "?ffffffffffffffff"),
        (.mark(12, 13, 14), "!0000000000000000@12;13,14"), (.mark(nil, 7), "!0000000000000000@;7"),
        (.mark(Mark(stamp: 3, writers: .upTo(99))), "!0000000000000000@3;<99"),
        (.mark(Mark(stamp: nil, writers: .upTo(99))), "!0000000000000000@;<99"),
        (.token(1, stamp: .max), "0000000000000001@18446744073709551615"),
    ])
    func `is a text, and is read from it`(state: TagState, text: String) {
        #expect(state.text == text)
        #expect(read(text) == state)
    }

    @Test(arguments: [
        "", "000000000000002a", "000000000000002a@", "000000000000002A@7", "000000000000002a@7x", "00000000000002a@7",
        "000000000000002a@18446744073709551616", "?", "?12", "?ffffffffffffffffx", "!", "!7", "!x;7", "!1;", "!1;2,", "!1;,2",
        "!1;<",
        "!1;<x", "!12;13", "!2a@12;13", "!0000000000000000@12", "!0000000000000000@x;7", "!0000000000000000@1;",
        "!0000000000000000@1;2,", "!0000000000000000@1;<", "hello",
    ])
    func `is no other text`(text: String) {
        #expect(read(text) == nil)
    }

    @Test func `becomes a mark when somebody announces himself, and keeps the stamp of its token`() {
        #expect(TagState.token(1, stamp: 5).announced(9).withoutOrigin == .mark(5, 9))
        #expect(TagState.placeholder(1).announced(9).withoutOrigin == .mark(nil, 9))
        #expect(TagState.absent.announced(9).withoutOrigin == .mark(nil, 9))
        #expect(TagState.mark(5, 9).announced(4).withoutOrigin == .mark(5, 9, 4))
        #expect(TagState.mark(5, 9).announced(9).withoutOrigin == .mark(5, 9))
    }

    @Test func `becomes a mark that is like none before`() {
        let marks: Set = [
            TagState.token(1, stamp: 5).announced(9), .token(2, stamp: 5).announced(9), .placeholder(3).announced(9),
            .placeholder(4).announced(9), .absent.announced(9), .absent.announced(9),
        ]
        #expect(marks.count == 6)
    }

    @Test func `lists so many writers and no more`() {
        var state = TagState.token(1, stamp: 5)
        for id in (100...131 as ClosedRange<UInt64>).reversed() { state = state.announced(id) }
        guard case .mark(let mark) = state, case .only(let ids) = mark.writers else {
            Issue.record("\(state)")
            return
        }
        #expect(ids.count == Mark.maximumListed)
        #expect(state.announced(131) == state)
        #expect(state.announced(7).withoutOrigin == .mark(Mark(stamp: 5, writers: .upTo(131))))
        #expect(state.announced(200).announced(150).withoutOrigin == .mark(Mark(stamp: 5, writers: .upTo(200))))
    }
}

@Suite struct `A snapshot of transactions` {
    @Test func `is read as PostgreSQL writes it`() {
        #expect(TransactionSnapshot("10:20:10,14,15") == TransactionSnapshot(next: 20, running: [10, 14, 15]))
        #expect(TransactionSnapshot("726:726:") == TransactionSnapshot(next: 726))
        for text in ["", "1:2", "1:x:", "1:2:3,x", "a:b:c:d"] { #expect(TransactionSnapshot(text) == nil) }
    }

    @Test func `tells who is finished`() {
        let snapshot = TransactionSnapshot(next: 20, running: [10, 14])
        #expect([9, 11, 19].allSatisfy(snapshot.hasFinished))
        #expect(![10, 14, 20, 21].contains(where: snapshot.hasFinished))
        #expect([1, 10].allSatisfy(snapshot.hasFinishedAll(below:)))
        #expect(![11, 20, 21].contains(where: snapshot.hasFinishedAll(below:)))
        #expect(TransactionSnapshot(next: 20).hasFinishedAll(below: 20))
        #expect(!TransactionSnapshot(next: 20).hasFinishedAll(below: 21))
    }
}
