import HTTPServer
import LarderTesting
import Testing

@Suite("Random input")
struct ParserFuzzTests {
    /// Pieces that mean something to one parser or another.
    private static let pieces: [[UInt8]] =
        [
            "\r\n", "\r", "\n", "\r\n\r\n", " ", "\t", ":", ";", ",", "\"", "\\", "%", "%00", "%41", "?", "#", "*", "@", "[", "]",
            "0", "1", "5", "a", "f", "-", "+", "0x", "\0", "\u{7f}", "ä", "HTTP/1.1", "HTTP/1.0", "http://b", "GET ",
            "OPTIONS * ", "Host: a\r\n", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n",
            "Connection: close\r\n", "Expect: 100-continue\r\n", "3\r\nabc\r\n", "0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        ].map { Array($0.utf8) } + [[0x80], [0xff]]

    /// A sample after one to four random edits.
    private func mutated(_ random: inout SeededNumbers) -> (bytes: [UInt8], limits: RequestParser.Limits) {
        let sample = RequestSample.all.randomElement(using: &random)!
        var bytes = sample.bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = Int.random(in: 0...bytes.count, using: &random)
            let until = min(bytes.count, at + Int.random(in: 0...8, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.removeSubrange(at..<until)
            case 1: bytes.insert(contentsOf: bytes[at..<until], at: at)
            case 2: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random)!, at: at)
            case 3: bytes.replaceSubrange(at..<until, with: Self.pieces.randomElement(using: &random)!)
            default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
            }
        }
        return (bytes, sample.limits)
    }

    @Test("neither crashes the parser nor makes it depend on the cuts", arguments: [UInt64(1), 2])
    func mutations(_ seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        for round in 0..<15_000 {
            let (bytes, limits) = mutated(&random)
            let whole = parse(bytes, limits: limits)
            let cuts = (0..<Int.random(in: 1...6, using: &random)).map { _ in Int.random(in: 0...bytes.count, using: &random) }
            let parts = parse(bytes, limits: limits, cuts: cuts.sorted(), removesContent: Bool.random(using: &random))
            if parts != whole {
                Issue.record("seed \(seed), round \(round), cut at \(cuts.sorted()): \(bytes)")
                return
            }
        }
    }
}
