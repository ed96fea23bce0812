extension Request {
    /// All of the content, without its chunk framing; empty if the request has none.
    ///
    /// A client that waits for `100 Continue` gets it now (RFC 9110 section 10.1.1), unless some of the content is already here.
    /// Content that is never asked for is skipped if it has arrived by the time of the answer, else the connection ends then.
    ///
    /// - Throws: ``BodyError``. Answer with its status; the connection ends after that.
    public func body() async throws(BodyError) -> [UInt8] {
        if length == nil { try await readContent() }
        return content
    }

    /// Whether content was announced, though it may be empty.
    public var hasBody: Bool { parser.head.framing != .none }

    /// Whether content was announced that is not known to be empty.
    public var hasContent: Bool { parser.head.hasContent }

    private func readContent() async throws(BodyError) {
        switch takeContent(keeping: true) {
        case .complete: return
        case .failed(let failure):
            connection?.refuseContent(failure)
            throw BodyError(failure)
        case .incomplete: break
        }
        guard let connection else { throw .disconnected }
        if let error = await connection.awaitContent() { throw error }
    }

    /// What there is of the content.
    enum Content {
        case complete
        case incomplete
        case failed(ParseFailure)
    }

    /// Takes the content that has arrived out of the buffer.
    ///
    /// - Parameter keeping: whether it is added to ``content``, or forgotten.
    func takeContent(keeping: Bool) -> Content {
        guard length == nil else { return .complete }
        let start = parser.head.length
        var end = start
        while true {
            switch parser.next(in: buffer.bytes.span) {
            case .needMore:
                // So that the buffer holds no more than the head and one read of content.
                buffer.remove(start..<end)
                buffer.trim()
                parser.removedContent(end - start)
                return .incomplete
            case .body(let range):
                if keeping { keep(range) }
                end = range.upperBound
            case .end(let length):
                self.length = length
                return .complete
            case .failure(let failure):
                return .failed(failure)
            case .head:
                preconditionFailure("a head within a request")
            }
        }
    }

    /// The memory grows as the content comes, and not on the client's word: at most to twice what is there, and to no more than
    /// was announced.
    private func keep(_ range: Range<Int>) {
        // Taken out while it grows, which proves to the compiler that nobody else looks at it: no other access is checked then.
        var grown = content
        content = []
        let needed = grown.count + range.count
        if needed > grown.capacity, case .length(let announced) = parser.head.framing {
            grown.reserveCapacity(min(announced, max(needed, 2 * grown.count)))
        }
        grown.append(contentsOf: UnsafeBufferPointer(rebasing: buffer.bytes[range]))
        content = grown
    }

    /// The bytes that are held of requests: this one, and what was read behind it.
    var heldBytes: Int { buffer.count + content.count }

    /// Forgets the content that was taken.
    func dropContent() { content = [] }

    /// Forgets all.
    func release() {
        buffer.release()
        dropContent()
    }

    /// Reads what can be read of the header though nothing more is parsed; see ``RequestParser/salvage(in:)``.
    func salvage() { parser.salvage(in: buffer.bytes.span) }

    /// Parses on until a head is complete.
    ///
    /// - Parameter now: the loop's clock in milliseconds.
    /// - Returns: nil when more bytes are needed.
    func takeHead(_ now: UInt64) -> Result<Void, ParseFailure>? {
        let (event, length) = parser.nextHead(in: buffer.bytes.span)
        switch event {
        case .needMore: return nil
        case .failure(let failure): return .failure(failure)
        case .body, .end: preconditionFailure("content without a head")
        case .head: break
        }
        arrival = now
        route = -1
        self.length = length
        return .success(())
    }

    /// Makes place for the next request.
    func finish() {
        if let length { buffer.removeFirst(length) }
        if !content.isEmpty { content = [] }
        if buffer.isEmpty { buffer.release() }
    }
}
