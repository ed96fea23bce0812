import Model
import Testing

@testable import CacheCoordinator

@Suite struct `An entry` {
    @Test func `is valid if every tag has the token that it carries`() {
        let entry = Entry(tags: [.a, .b], tokens: .numbers(1, 2))
        #expect(entry.isValid(under: [.token(1), .token(2)]))
        #expect(entry.isValid(under: [.token(1), .token(2), .writing]), "the third tag is none of its own")
    }

    @Test(
        arguments: [
            [.token(1), .token(3)], [.token(3), .token(2)], [.token(2), .token(1)], [.token(1), .absent],
            [.absent, .token(2)], [.token(1), .writing], [.writing, .token(2)], [.absent, .absent], [.token(1)], [],
        ] as [[TagState]])
    func `is invalid under any other states`(_ states: [TagState]) {
        #expect(!Entry(tags: [.a, .b], tokens: .numbers(1, 2)).isValid(under: states))
    }

    @Test func `counts at least the bytes of its value and its tags`() {
        let text = String(repeating: "x", count: 10_000)
        let entry = Entry(text, tags: [Tag(String(repeating: "t", count: 500))])
        #expect(entry.size >= 10_500)
        #expect(Entry(text + "y").size == Entry(text).size + 1)
    }

    @Test func `that says that there is nothing counts its tags alone`() {
        #expect(Entry(nil, tags: [.a]).size == Entry("", tags: [.a]).size)
        #expect(Entry(nil, tags: [.a, .b], tokens: .numbers(1, 2)).size > Entry(nil, tags: [.a]).size)
        #expect(Entry(nil).with(.gzip).encoded == nil)
    }
}
