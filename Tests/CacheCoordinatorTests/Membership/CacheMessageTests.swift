import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A message between members` {
    private static let relay = CacheMessage.Relay(
        to: "b", from: "a", number: 3, keyspace: Keyspace("1-2-3"), life: "run:replication:0/larder", id: 726, tags: [.a, .b])

    @Test(arguments: [
        CacheMessage.row, .relay(relay), .answer(to: "a", number: 3, isDone: true), .answer(to: "a", number: 3, isDone: false),
        .changed(id: 726, tags: [.a]), .changed(id: 726, tags: nil), .beat(member: "a", number: 9),
    ])
    func `is a text, and is read from it`(message: CacheMessage) {
        #expect(CacheMessage(message.text) == message)
    }

    @Test func `of a trigger says the transaction, and a tag in each line`() {
        #expect(
            CacheMessage("changed 726\nproducts:7\nproducts") == .changed(id: 726, tags: [Tag("products:7"), Tag("products")]))
        #expect(CacheMessage("changed 726 *") == .changed(id: 726, tags: nil))
    }

    @Test(arguments: [
        "", "hello", "row 1", "relay a b", "relay a b x k l 7\nt", "done a", "done a x", "changed", "changed x\nt",
        "changed 7 all",
    ])
    func `is no other text`(text: String) {
        #expect(CacheMessage(text) == nil)
    }

    @Test func `takes as many tags as fit`() {
        let tags = (0..<1_000).map { Tag("products:\($0)") }
        let parts = tags.parts(beside: 200)
        #expect(Array(parts.joined()) == tags)
        #expect(parts.count > 1)
        for part in parts {
            let bytes = part.reduce(0) { $0 + $1.name.utf8.count + 1 }
            #expect(bytes + 200 <= CacheMessage.maximumBytes)
        }
        #expect([Tag]().parts(beside: 0).isEmpty)
    }
}
