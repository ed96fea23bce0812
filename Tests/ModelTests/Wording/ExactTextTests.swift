import Model
import Testing

@Suite struct `An exact text` {
    @Test func `is its bytes, not what they look like`() {
        #expect(ExactText("é") == ExactText("\u{E9}"))
        #expect(ExactText("e\u{301}") != ExactText("\u{E9}"))
        #expect(Set(["a", "é", "e\u{301}", "a"].map(ExactText.init)).count == 3)
    }

    /// `String` needs minutes for this.
    @Test func `is a key in a time that grows with its length alone`() {
        let text = String(repeating: "\u{301}\u{316}", count: 150_000)
        let duration = ContinuousClock().measure {
            #expect(Set([ExactText(text), ExactText(text + "b"), ExactText(text)]).count == 2)
            #expect(ExactText(text) != ExactText("name"))
            #expect(Set([Value.text(text), .text(text)]).count == 1)
            #expect(Gadget.field("state").column.problem(with: .text(text)) == "expects one of new, worn, broken")
            #expect(Kind.bool.value(from: text) == nil)
        }
        #expect(duration < .seconds(5))
    }
}
