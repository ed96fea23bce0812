import HTTPServer

/// A request head with its offsets resolved, so that it can be compared and printed.
struct RecordedHead: Equatable {
    var method: RequestMethod
    var methodToken, target, path, query, authority: String
    var minorVersion: UInt8
    var fields: [String]
    var keepsAlive: Bool
    var framing: BodyFraming
    var expectsContinue: Bool
    var length: Int

    init(_ head: RequestHead, in bytes: Span<UInt8>) {
        method = head.method
        methodToken = head.methodToken.text(in: bytes)
        target = head.target.text(in: bytes)
        path = head.path.text(in: bytes)
        query = head.query.text(in: bytes)
        authority = head.authority.text(in: bytes)
        minorVersion = head.minorVersion
        fields = []
        for index in 0..<head.fields.count {
            let field = head.fields[index]
            fields.append("\(field.name.text(in: bytes)): \(field.value.text(in: bytes))")
        }
        keepsAlive = head.keepsAlive
        framing = head.framing
        expectsContinue = head.expectsContinue
        length = head.length
    }
}

/// What the parser made of some input, in a form that has to be the same however the input was cut.
struct RequestRecording: Equatable {
    enum Event: Equatable {
        case head(RecordedHead)
        /// Adjacent pieces of content are one: how many there are does depend on the cuts.
        case body([UInt8])
        /// The end of a request, as an offset from the start of the whole input.
        case end(at: Int)
        case failure(ParseFailure)
    }

    var events: [Event] = []
    /// The phase in which the parser wants more, or that it failed.
    var phase = RequestParser.Phase.idle

    var heads: [RecordedHead] {
        events.compactMap { if case .head(let head) = $0 { head } else { nil } }
    }

    var bodies: [String] {
        events.compactMap { if case .body(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
    }

    var ends: [Int] {
        events.compactMap { if case .end(let offset) = $0 { offset } else { nil } }
    }

    var failure: ParseFailure? {
        events.compactMap { if case .failure(let failure) = $0 { failure } else { nil } }.first
    }
}

/// Does what a connection does: gathers reads in a buffer and asks the parser until it wants more.
struct RequestRecorder {
    private var parser: RequestParser
    private var buffer: [UInt8] = []
    /// The bytes of earlier requests and of content that left the buffer.
    private var dropped = 0
    /// Where the last piece of content ends in the buffer.
    private var contentEnd = 0
    private let removesContent: Bool
    private(set) var recording = RequestRecording()

    /// - Parameter removesContent: takes content out of the buffer before each further read.
    init(limits: RequestParser.Limits = .init(), removesContent: Bool = false) {
        parser = RequestParser(limits: limits)
        self.removesContent = removesContent
    }

    mutating func read(_ bytes: some Collection<UInt8>) {
        if removesContent, parser.phase == .body, contentEnd > parser.head.length { removeContent() }
        // A new array each time: nothing in the parser may point into the old one.
        buffer = buffer + bytes
        while recording.failure == nil, step() {}
        recording.phase = parser.phase
    }

    private mutating func step() -> Bool {
        let bytes = buffer
        switch parser.next(in: bytes.span) {
        case .needMore:
            return false
        case .head:
            recording.events.append(.head(RecordedHead(parser.head, in: bytes.span)))
        case .body(let range):
            append(bytes[range])
            contentEnd = range.upperBound
        case .end(let length):
            buffer.removeFirst(length)
            dropped += length
            contentEnd = 0
            recording.events.append(.end(at: dropped))
        case .failure(let failure):
            recording.events.append(.failure(failure))
            // Whatever comes later, the answer stays.
            let more = bytes + Array("GET / HTTP/1.0\r\n\r\n".utf8)
            let later = parser.next(in: more.span)
            precondition(later == .failure(failure))
        }
        return true
    }

    private mutating func removeContent() {
        let content = parser.head.length..<contentEnd
        buffer.removeSubrange(content)
        parser.removedContent(content.count)
        dropped += content.count
        contentEnd = content.lowerBound
    }

    private mutating func append(_ content: ArraySlice<UInt8>) {
        precondition(!content.isEmpty, "content comes in pieces of at least one byte")
        if case .body(let before) = recording.events.last {
            recording.events[recording.events.count - 1] = .body(before + content)
        } else {
            recording.events.append(.body(Array(content)))
        }
    }
}

/// Feeds `text` in one piece.
func parse(_ text: String, limits: RequestParser.Limits = .init()) -> RequestRecording {
    parse(Array(text.utf8), limits: limits)
}

/// Feeds `bytes` in pieces that end at `cuts` (ascending), and at the end.
func parse(
    _ bytes: [UInt8], limits: RequestParser.Limits = .init(), cuts: [Int] = [], removesContent: Bool = false
) -> RequestRecording {
    var recorder = RequestRecorder(limits: limits, removesContent: removesContent)
    var start = 0
    for cut in cuts + [bytes.count] {
        recorder.read(bytes[start..<cut])
        start = cut
    }
    return recorder.recording
}
