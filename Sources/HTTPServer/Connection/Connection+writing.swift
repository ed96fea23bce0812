internal import Bytes
internal import EventLoop

extension Connection {
    /// Bytes that the client has not taken.
    var unsentBytes: Int { output.count + stream.pendingBytes }

    /// Puts a response behind what is to be sent at the end of this turn (RFC 9112 sections 4 to 6).
    func write(_ response: Response, isHead: Bool, keepsAlive: Bool, isOld: Bool) {
        let bytes = output.copied
        bytes.reserve(response.copiedBytes(isHead: isHead))
        bytes.append(response.status)
        server.date.refresh(server.loop.now)
        bytes.append(server.date.line)
        bytes.append(response.fields.bytes)
        if !response.status.forbidsContent {
            bytes.append("Content-Length: ")
            bytes.append(decimal: response.body.count)
            bytes.append("\r\n")
        }
        if !keepsAlive {
            bytes.append("Connection: close\r\n")
        } else if isOld {
            bytes.append("Connection: keep-alive\r\n")
        }
        bytes.append("\r\n")
        if response.sharesBody(isHead: isHead) {
            output.append(shared: response.body)
        } else if !isHead && !response.status.forbidsContent {
            bytes.append(response.body)
        }
        server.turn.markDirty(self)
    }

    /// Sends what there is, as far as the client takes it, and goes on with what waited for that.
    func flush() {
        guard state != .closed else { return }
        while !output.isEmpty && stream.pendingBytes == 0 {
            let count = output.withNext { stream.writeSome($0, $1) }
            server.counts.bytesOut &+= UInt64(count)
            sentBytes += count
            if let body = output.removeFirst(count) { server.giveBackAnswer(body) }
        }
        if output.isEmpty { output.copied.release() }
        settleOutput()
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

extension Response {
    /// Whether the body is sent from where it is.
    @inline(__always)
    func sharesBody(isHead: Bool) -> Bool {
        body.count > Output.maxCopiedBody && !isHead && !status.forbidsContent
    }

    /// No less than the bytes that are copied to send it.
    @inline(__always)
    func copiedBytes(isHead: Bool) -> Int {
        256 + fields.bytes.count + (body.count > Output.maxCopiedBody || isHead ? 0 : body.count)
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
            append(UnsafeRawBufferPointer(Decimal.write(Int64(value), into: room)))
        }
    }
}
