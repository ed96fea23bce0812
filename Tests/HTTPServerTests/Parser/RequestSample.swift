import HTTPServer
import Testing

/// Some input with what is to come of it, and a name for it.
struct RequestSample: Sendable, CustomTestStringConvertible {
    /// What it shows; names the test case.
    let what: String
    let bytes: [UInt8]
    let limits: RequestParser.Limits
    /// Nil when the input is to be accepted.
    let failure: ParseFailure?

    init(_ what: String, _ text: String, _ failure: ParseFailure? = nil, limits: RequestParser.Limits = .init()) {
        self.init(what, Array(text.utf8), failure, limits: limits)
    }

    init(_ what: String, _ bytes: [UInt8], _ failure: ParseFailure? = nil, limits: RequestParser.Limits = .init()) {
        self.what = what
        self.bytes = bytes
        self.limits = limits
        self.failure = failure
    }

    /// A GET with these lines behind its Host.
    static func fields(_ what: String, _ lines: String, _ failure: ParseFailure? = nil) -> RequestSample {
        RequestSample(what, "GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n", failure)
    }

    /// A GET with this target.
    static func target(_ what: String, _ target: String, _ failure: ParseFailure? = nil) -> RequestSample {
        RequestSample(what, "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n", failure)
    }

    /// A GET with this Host.
    static func host(_ what: String, _ host: String, _ failure: ParseFailure? = nil) -> RequestSample {
        RequestSample(what, "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", failure)
    }

    /// A POST with this content in chunked coding.
    static func chunks(
        _ what: String, _ content: String, _ failure: ParseFailure? = nil, limits: RequestParser.Limits = .init()
    ) -> RequestSample {
        RequestSample(what, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(content)", failure, limits: limits)
    }

    var testDescription: String { what }

    /// All the samples of the tests, for those that hold of any input.
    static let all: [RequestSample] =
        requestLines + targets + hosts + fieldLines + connections + expectations + framings + chunkings + limitations + pipelines
}

/// Holds a sample against what it says.
func check(_ sample: RequestSample, sourceLocation: SourceLocation = #_sourceLocation) {
    let recording = parse(sample.bytes, limits: sample.limits)
    #expect(recording.failure == sample.failure, sourceLocation: sourceLocation)
    if sample.failure == nil {
        #expect(recording.events.count >= 2 && recording.phase == .idle, "not one whole request", sourceLocation: sourceLocation)
    }
}
