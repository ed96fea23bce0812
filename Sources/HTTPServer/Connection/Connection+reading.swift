internal import EventLoop

extension Connection: StreamDelegate {
    /// The least room for a read, in bytes, so that small rests do not make small reads.
    private static let leastRoom = 1_024
    /// The same while content is awaited that did not come with its head: it may be long.
    private static let leastRoomForContent = 32_768

    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer {
        request.buffer.room(contentWaiter == nil ? Self.leastRoom : Self.leastRoomForContent)
    }

    func stream(_ stream: Stream, didRead count: Int) {
        server.counts.bytesIn &+= UInt64(count)
        inputMoved(count)
        guard contentFailure == nil else { return forget(count) }
        guard holdInput(count) else { return refuseInput() }
        switch state {
        case .reading:
            request.buffer.filled(count)
            if readRequest() {
                server.turn.enqueue(self)
                server.turn.relieve()
            }
        case .handling, .blocked:
            request.buffer.filled(count)
            if contentWaiter != nil { readContent() } else { boundReading() }
            settleInput()
        case .finishing, .lingering:
            forget(count)
        case .closed:
            break
        }
    }

    func stream(_ stream: Stream, didStopReading reason: LoopError) {
        isReading = false
        hasInputEnded = true
        guard reason == .endOfFile else { return close() }
        switch state {
        case .reading: finish()
        case .handling where contentWaiter != nil: failContent(.disconnected)
        case .lingering: close()
        case .handling, .blocked, .finishing, .closed: break
        }
    }

    func streamDidDrain(_ stream: Stream) {
        flush()
    }

    /// Parses on in the state `reading`, until a head is complete.
    ///
    /// - Returns: whether one is, so that the handler is to be started.
    func readRequest() -> Bool {
        switch request.takeHead() {
        case .success:
            hasBegunHead = false
            contentFailure = nil
            deadline = .max
            endInputPace()
            state = .handling
            request.arrival = server.loop.now
            start = server.turn.start()
            return true
        case .failure(let failure):
            server.refused(failure)
            fail(server.handler.refusal(of: request, status: failure.status, failure.reason))
        case nil:
            if hasInputEnded {
                finish()
            } else {
                if !hasBegunHead && request.parser.phase == .head {
                    hasBegunHead = true
                    deadline = server.loop.now + server.limits.headerMilliseconds
                    beginInputPace()
                }
                read()
            }
        }
        return false
    }

    /// Reads on, if it does not yet.
    func read() {
        guard !isReading && !hasInputEnded && state != .closed else { return }
        isReading = true
        stream.startReading()
    }

    func stopReading() {
        guard isReading else { return }
        isReading = false
        stream.stopReading()
    }

    /// While a request is answered, bytes behind it are read ahead only up to a limit: the client has to wait then.
    private func boundReading() {
        if request.buffer.count >= server.limits.maxBufferedBytes { stopReading() }
    }
}
