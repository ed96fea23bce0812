import Model
import Testing

@testable import CacheCoordinator

@Suite struct `What the backend has under an entry's key` {
    /// Reads the key "k", of which the backend has these bytes, and lets the load return "right".
    private func read(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) -> (Dialogue, Dialogue.Reading) {
        let dialogue = Dialogue()
        let reading = dialogue.read()
        dialogue.answer(look: [.a], entry: "k", [.token(1)], bytes: bytes)
        dialogue.answer(load: "k", "right")
        #expect(reading.text == "right", sourceLocation: location)
        #expect(reading.outcome == .stored, sourceLocation: location)
        return (dialogue, reading)
    }

    @Test func `is a miss, counted and replaced, when it is damaged, of another key, without tags or of another format`() {
        let good = Entry("wrong").bytes
        var flipped = good
        flipped[good.count - 1] ^= 1
        let unusable = [
            Array(good.dropLast(7)), flipped, Entry("wrong").bytes(under: "other"), Entry("wrong", tags: [], tokens: []).bytes,
            [3] + good.dropFirst(), [], Array("a foreign text".utf8),
        ]
        for bytes in unusable {
            let (dialogue, _) = read(bytes)
            #expect(dialogue.cache.statistics.unusable == 1)
            #expect(dialogue.script.steps.last == .store("k", tags: [.a], tokens: [1], keyspace: .first))
        }
    }

    @Test func `is no miss that counts as one of these when it has expired`() {
        let (dialogue, _) = read(Entry("old", expires: 1).bytes)
        #expect(dialogue.cache.statistics.unusable == 0)
    }

    @Test func `is not taken for a list that is not there`() async throws {
        let dialogue = Dialogue()
        var result: Encoded?
        dialogue.executor.spawn {
            result = try? await dialogue.cache.readPresent("k", of: "things", tags: { [.a] }, ReadContext(deadline: 0)) {
                $0.saw(.quiet)
                return value("[]")
            }
        }
        dialogue.executor.run()
        dialogue.answer(look: [.a], entry: "k", [.token(1)], stored: Entry(nil))
        #expect(result?.text == "[]")
        #expect(dialogue.cache.statistics.unusable == 1)
        #expect(try #require(dialogue.backend.lastStored).encoded?.text == "[]")
    }
}
