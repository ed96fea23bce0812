import Model
import Testing

@Suite struct `The excerpt of an input` {
    @Test(arguments: ["", "price", "größe", "a b", "🥖\u{301}", String(repeating: "é", count: 64)])
    func `is the input if it is short`(text: String) {
        #expect(text.excerpt == text)
    }

    @Test(arguments: [65, 1_000, 1 << 20])
    func `is the beginning of a long one`(length: Int) {
        #expect(String(repeating: "x", count: length).excerpt == String(repeating: "x", count: 64) + "…")
        // However many of them are one character to people.
        #expect(("e" + String(repeating: "\u{301}", count: length)).excerpt.unicodeScalars.count == 65)
    }

    @Test func `writes nothing else onto a terminal`() {
        #expect("a\u{1B}[31m\r\nb\u{0}\u{9B}".excerpt == "a\u{FFFD}[31m\u{FFFD}\u{FFFD}b\u{FFFD}\u{FFFD}")
    }
}
