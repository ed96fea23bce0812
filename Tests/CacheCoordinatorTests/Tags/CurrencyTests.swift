import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A value that was loaded after its tags were looked at` {
    @Test func `has all writes of a tag with a token, whatever runs`() {
        #expect(TagState.token(1, stamp: 90).isCurrent(loadedWith: .seen(next: 5, running: [3], writers: nil)))
    }

    @Test func `has those of a mark if all its writers are finished`() {
        #expect(TagState.mark(1, 8, 9).isCurrent(loadedWith: .seen(next: 10, writers: nil)))
        #expect(!TagState.mark(1, 8, 9).isCurrent(loadedWith: .seen(next: 10, running: [8], writers: nil)))
        #expect(!TagState.mark(1, 8, 9).isCurrent(loadedWith: .seen(next: 9, writers: nil)), "who is not listed may run")
        #expect(TagState.mark(Mark(stamp: 1, writers: .upTo(9))).isCurrent(loadedWith: .seen(next: 10, writers: nil)))
        #expect(
            !TagState.mark(Mark(stamp: 1, writers: .upTo(9))).isCurrent(loadedWith: .seen(next: 10, running: [2], writers: nil)))
        #expect(!TagState.mark(Mark(stamp: 1, writers: .upTo(9))).isCurrent(loadedWith: .seen(next: 9, writers: nil)))
    }

    @Test(arguments: [TagState.placeholder(1), .mark(nil, 3)])
    func `has those before nothing was known if all who ran are finished`(state: TagState) {
        #expect(state.asksWhoWrites)
        #expect(state.isCurrent(loadedWith: .seen(next: 10, writers: [])))
        #expect(state.isCurrent(loadedWith: .seen(next: 10, writers: [5, 9])))
        #expect(!state.isCurrent(loadedWith: .seen(next: 10, running: [5], writers: [5])))
        #expect(!state.isCurrent(loadedWith: .seen(next: 10, writers: [10])))
        #expect(!state.isCurrent(loadedWith: .seen(next: 10, writers: nil)), "nobody asked")
    }

    @Test func `has not those of a tag that was gone`() {
        #expect(!TagState.absent.isCurrent(loadedWith: .seen(next: 10)))
    }

    @Test func `leaves behind for whom the next one has to wait`() {
        let evidence = ReadEvidence.seen(next: 10, running: [5], writers: [5, 12])
        #expect(TagState.placeholder(1).waiting(after: evidence)?.withoutOrigin == .mark(10, 5, 12))
        #expect(TagState.mark(nil, 3, 5).waiting(after: evidence) == .mark(10, 3, 5, 12))
        #expect(TagState.mark(4, 3).waiting(after: evidence) == nil)
        #expect(TagState.token(1).waiting(after: evidence) == nil)
        #expect(TagState.placeholder(1).waiting(after: .seen(next: 10, writers: nil)) == nil)
    }

    @Test func `leaves no longer list behind than is allowed`() {
        let many = (100..<140 as Range<UInt64>).map(\.self)
        let state = TagState.placeholder(1).waiting(after: .seen(next: 10, writers: many))
        #expect(state?.withoutOrigin == .mark(Mark(stamp: 10, writers: .upTo(139))))
    }
}

@Suite struct `A value that was loaded before its tags were looked at` {
    private let snapshot = TransactionSnapshot(next: 50, running: [41])

    @Test func `has all writes before a token whose stamp its snapshot reaches`() {
        for stamp in [1, 41] as [UInt64] { #expect(TagState.token(1, stamp: stamp).isCurrent(loadedBefore: snapshot) == true) }
        for stamp in [42, 50, 51] as [UInt64] {
            #expect(TagState.token(1, stamp: stamp).isCurrent(loadedBefore: snapshot) == false)
        }
    }

    @Test func `has those of a mark if its stamp is reached and its writers are finished`() {
        #expect(TagState.mark(41, 45).isCurrent(loadedBefore: snapshot) == true)
        #expect(TagState.mark(42, 45).isCurrent(loadedBefore: snapshot) == false)
        #expect(TagState.mark(41, 41).isCurrent(loadedBefore: snapshot) == false)
        #expect(TagState.mark(41, 50).isCurrent(loadedBefore: snapshot) == false)
    }

    @Test(arguments: [TagState.placeholder(1), .mark(nil, 3), .absent])
    func `cannot be told of where nothing was known`(state: TagState) {
        #expect(state.isCurrent(loadedBefore: snapshot) == nil)
    }
}
