internal import EventLoop

extension Connection {
    /// The most bytes that are handed to the stream at once, so that it is seen whether a slow client takes any.
    private static let pieceSize = 65_536

    /// Bytes that the client has not taken.
    var unsentBytes: Int { output.count + stream.pendingBytes }

    /// Puts a response behind what is to be sent at the end of this turn (RFC 9112 sections 4 to 6).
    func write(_ response: Response, isHead: Bool, keepsAlive: Bool, isOld: Bool) {
        let length = response.body.count
        output.reserve(256 + response.fields.bytes.count + (isHead ? 0 : length))
        output.append(response.status)
        server.date.refresh(server.loop.now)
        output.append(server.date.line)
        output.append(response.fields.bytes)
        if !response.status.forbidsContent {
            output.append("Content-Length: ")
            output.append(decimal: length)
            output.append("\r\n")
        }
        if !keepsAlive {
            output.append("Connection: close\r\n")
        } else if isOld {
            output.append("Connection: keep-alive\r\n")
        }
        output.append("\r\n")
        if !isHead && !response.status.forbidsContent { output.append(response.body) }
        server.turn.markDirty(self)
    }

    /// Sends what there is, as far as the client takes it, and goes on with what waited for that.
    func flush() {
        guard state != .closed else { return }
        var hasProgressed = writeDeadline == .max
        while !output.isEmpty && stream.pendingBytes == 0 {
            let piece = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(output.bytes).prefix(Self.pieceSize))
            stream.write(piece)
            server.counts.bytesOut &+= UInt64(piece.count)
            output.removeFirst(piece.count)
            hasProgressed = true
        }
        if output.isEmpty { output.release() }
        if unsentBytes == 0 {
            writeDeadline = .max
        } else if hasProgressed {
            writeDeadline = server.loop.now + server.limits.writeMilliseconds
        }
        settle()
    }

    /// Does what had to wait until the client has taken the responses.
    func settle() {
        switch state {
        case .blocked where unsentBytes <= server.limits.maxUnsentBytes: unblock()
        case .finishing where unsentBytes == 0: linger()
        default: break
        }
    }
}

extension ByteBuffer {
    func append(_ status: Status) {
        let line = status.line
        append(line)
        if line.utf8CodeUnitCount == 15 {
            // The line of an unknown code, with zeros for its digits.
            remove(count - 6..<count)
            append(decimal: Int(status.code))
            append(" \r\n")
        }
    }

    func append(decimal value: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.maxDigits) { room in
            append(UnsafeRawBufferPointer(Decimal.write(value, into: room)))
        }
    }
}
