import HTTPServer
import Testing

/// However the bytes are cut into reads, the events are the same. This is also what makes the failures and limits reliable: a
/// client cannot talk its way around one by the timing of its packets.
@Suite("Cutting the input")
struct ParserSplitTests {
    @Test("at every offset changes nothing", arguments: RequestSample.all)
    func everywhere(_ sample: RequestSample) {
        let whole = parse(sample.bytes, limits: sample.limits)
        for cut in 0...sample.bytes.count {
            let parts = parse(sample.bytes, limits: sample.limits, cuts: [cut], removesContent: cut.isMultiple(of: 2))
            if parts != whole {
                Issue.record("cut at \(cut): \(parts) instead of \(whole)")
                return
            }
        }
    }

    @Test("into single bytes changes nothing", arguments: RequestSample.all)
    func bytewise(_ sample: RequestSample) {
        let whole = parse(sample.bytes, limits: sample.limits)
        let cuts = Array(0..<sample.bytes.count)
        #expect(parse(sample.bytes, limits: sample.limits, cuts: cuts) == whole)
        #expect(parse(sample.bytes, limits: sample.limits, cuts: cuts, removesContent: true) == whole)
    }

    @Test("and leaving the rest out leaves the events before it")
    func truncated() {
        for sample in RequestSample.pipelines {
            let whole = parse(sample.bytes).events
            for length in 0..<sample.bytes.count {
                let events = parse(Array(sample.bytes[..<length])).events
                for (index, event) in events.enumerated() {
                    // Only the content that is cut may differ.
                    if index == events.count - 1, case .body = event { continue }
                    #expect(event == whole[index], "the first \(length) bytes of \(sample.what)")
                }
            }
        }
    }
}
