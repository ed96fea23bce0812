import Metrics
import Testing

@Suite struct `Metrics of several workers` {
    private struct Part: Measured {
        let metrics: [Metric]
    }

    private func sum(_ parts: [Metric]...) -> [Metric] { [Metric](summing: parts.map { Part(metrics: $0) }) }

    private func reads(_ samples: KeyValuePairs<String, Int>) -> Metric {
        var metric = Metric("reads", .counter, "Reads.")
        for (outcome, value) in samples { metric.add(value, ["outcome": outcome]) }
        return metric
    }

    @Test func `add up`() {
        let sum = sum(
            [.counter("a", "A.", 1), .gauge("b", "B.", 0.5)], [.counter("a", "A.", UInt64(2)), .gauge("b", "B.", 0.25)])
        #expect(sum == [.counter("a", "A.", 3), .gauge("b", "B.", 0.75)])
    }

    @Test func `stand where the first worker has them, whoever has them not`() {
        let sum = sum([.counter("a", "A.", 1)], [], [.gauge("b", "B.", 1), .counter("a", "A.", 1)])
        #expect(sum == [.counter("a", "A.", 2), .gauge("b", "B.", 1)])
    }

    @Test func `add up by their labels, each sample where its worker has it`() {
        let sum = sum([reads(["hit": 1, "bypass": 2])], [reads(["stored": 3, "bypass": 4, "request": 5])])
        #expect(sum == [reads(["stored": 3, "hit": 1, "bypass": 6, "request": 5])])
    }

    @Test func `find their sample wherever it stands`() {
        #expect(sum([reads(["hit": 1, "bypass": 2])], [reads(["bypass": 3, "hit": 4])]) == [reads(["hit": 5, "bypass": 5])])
    }

    @Test func `tell a histogram's sum from its count`() {
        var seconds = Metric("seconds", .histogram, "Time.")
        seconds.add(0.5, suffix: "_sum")
        seconds.add(1, suffix: "_count")
        #expect(sum([seconds], [seconds])[0].samples.map(\.value) == [.real(1), .whole(2)])
    }
}
