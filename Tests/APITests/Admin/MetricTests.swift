import API
import Metrics
import Testing

/// Prometheus' text format, version 0.0.4.
@Suite struct `A metric` {
    private func label(_ value: String) -> String {
        var metric = Metric("m", .gauge, "Help.")
        metric.add(1, ["l": value])
        return String(metric.text.dropFirst("# HELP m Help.\n# TYPE m gauge\n".count))
    }

    @Test func `has its help, its type and its samples`() {
        var metric = Metric("larder_reads_total", .counter, "Reads, by outcome.")
        metric.add(3, ["outcome": "hit"])
        metric.add(0, ["outcome": "miss", "worker": "1"])
        #expect(
            metric.text == """
                # HELP larder_reads_total Reads, by outcome.
                # TYPE larder_reads_total counter
                larder_reads_total{outcome="hit"} 3
                larder_reads_total{outcome="miss",worker="1"} 0

                """)
    }

    @Test func `may have no labels`() {
        var metric = Metric("larder_workers", .gauge, "Workers.")
        metric.add(4)
        #expect(metric.text == "# HELP larder_workers Workers.\n# TYPE larder_workers gauge\nlarder_workers 4\n")
    }

    @Test func `of a histogram has buckets, a sum and a count`() {
        var metric = Metric("seconds", .histogram, "Time.")
        metric.add(1, ["le": "0.5"], suffix: "_bucket")
        metric.add(2, ["le": "+Inf"], suffix: "_bucket")
        metric.add(0.75, suffix: "_sum")
        metric.add(2, suffix: "_count")
        #expect(
            metric.text == """
                # HELP seconds Time.
                # TYPE seconds histogram
                seconds_bucket{le="0.5"} 1
                seconds_bucket{le="+Inf"} 2
                seconds_sum 0.75
                seconds_count 2

                """)
    }

    @Test func `without samples is not there`() {
        #expect(Metric("m", .gauge, "Help.").text == "")
    }

    @Test(arguments: [
        ("", #""""#), ("/v1/products/{id}", #""/v1/products/{id}""#), (#"a"b"#, #""a\"b""#), (#"a\b"#, #""a\\b""#),
        ("a\nb", #""a\nb""#),
        (#"\n"#, #""\\n""#), (#"\""#, #""\\\"""#), ("é😀", #""é😀""#), ("{a=\"b\"} 1", #""{a=\"b\"} 1""#),
    ])
    func `has labels with quotes, backslashes and line ends escaped`(value: String, escaped: String) {
        #expect(label(value) == "m{l=\(escaped)} 1\n")
    }

    @Test(
        arguments: [("a\r\nb", "\"a\r\\nb\""), ("a\"\u{301}b", "\"a\\\"\u{301}b\""), ("a\\\u{301}b", "\"a\\\\\u{301}b\"")])
    func `has labels escaped whatever stands beside what has to be`(value: String, escaped: String) {
        #expect(Array(label(value).unicodeScalars) == Array("m{l=\(escaped)} 1\n".unicodeScalars))
    }

    @Test func `has help on one line`() {
        var metric = Metric("m", .gauge, "In \"C:\\\",\r\nand so on.")
        metric.add(1)
        #expect(metric.text == "# HELP m In \"C:\\\\\",\r\\nand so on.\n# TYPE m gauge\nm 1\n")
    }

    @Test func `has numbers that a program can read`() {
        for (value, text) in [(1e-9, "1e-09"), (0, "0.0"), (1.5e300, "1.5e+300"), (.infinity, "inf")] as [(Double, String)] {
            var metric = Metric("m", .gauge, "Help.")
            metric.add(value)
            #expect(metric.text.hasSuffix("m \(text)\n"))
        }
    }
}
