internal import EventLoop

extension Connection: StreamDelegate {
    /// The least room for a read, in bytes, so that small rests do not make small reads.
    private static let leastRoom = 1_024
    /// The same while content is awaited that did not come with its head: it may be long.
    private static let leastRoomForContent = 32_768

    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer {
        request.buffer.room(content.isAwaited ? Self.leastRoomForContent : Self.leastRoom)
    }

    func stream(_ stream: Stream, didRead count: Int) {
        server.tally.received(count)
        input.moved(count)
        guard content.failure == nil else { return forget(count) }
        guard input.hold(count, for: self) else { return refuseInput() }
        switch state.phase {
        case .reading:
            request.buffer.filled(count)
            if readRequest() {
                server.turn.enqueue(self)
                server.turn.relieve()
            }
        case .handling, .blocked:
            request.buffer.filled(count)
            if content.isAwaited { readContent() } else { boundReading() }
            input.settle()
        case .finishing, .lingering:
            forget(count)
        case .closed:
            break
        }
    }

    func stream(_ stream: Stream, didStopReading reason: LoopError) {
        input.end()
        guard reason == .endOfFile else { return close() }
        switch state.phase {
        case .reading: finish()
        case .handling where content.isAwaited: failContent(.disconnected)
        case .lingering: close()
        case .handling, .blocked, .finishing, .closed: break
        }
    }

    func streamDidDrain(_ stream: Stream) {
        flush()
    }

    /// Takes what has arrived of the content that the handler waits for.
    private func readContent() {
        switch request.takeContent(keeping: true) {
        case .incomplete: break
        case .complete: resumeContent(nil)
        case .failed(let failure): refuseContent(failure)
        }
    }

    /// The framing of the content is wrong, or it is too large.
    func refuseContent(_ failure: ParseFailure) {
        server.tally.refused(failure)
        failContent(BodyError(failure))
    }

    /// While a request is answered, bytes behind it are read ahead only up to a limit: the client has to wait then.
    private func boundReading() {
        if request.buffer.count >= server.limits.maxBufferedBytes { input.pause() }
    }

    /// Ends a request of which there is no room for a part that has come. That part is forgotten, so it is the last request.
    private func refuseInput() {
        switch state.phase {
        case .reading: fail(server.noRoom(for: request))
        case .handling: failContent(.noRoom)
        case .blocked: finish()
        case .finishing, .lingering, .closed: break
        }
    }

    // MARK: Room for others

    /// How far the client is behind ``ServerLimits/heldRate``, if bytes of the kind are charged for it; else nil.
    func lag(_ kind: HeldKind, _ now: UInt64) -> UInt64? {
        switch kind {
        case .request: input.lag(now)
        case .answer: output.lag(now)
        }
    }

    /// Makes room for others.
    func evict(_ kind: HeldKind) {
        switch kind {
        case .request: refuseInput()
        case .answer: close()
        }
    }
}
