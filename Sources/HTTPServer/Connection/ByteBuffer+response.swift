internal import Bytes

extension ByteBuffer {
    /// Appends what is copied of a response (RFC 9112 sections 4 to 6): all but a body that is shared.
    ///
    /// - Parameter date: the field `Date` with its line end.
    func append(_ response: Response, _ form: AnswerForm, date: [UInt8]) {
        reserve(response.copiedBytes(isHead: form.isHead))
        append(response.status)
        append(date)
        append(response.fields.bytes)
        if !response.status.forbidsContent {
            append("Content-Length: ")
            append(decimal: response.body.count)
            append("\r\n")
        }
        if !form.keepsAlive {
            append("Connection: close\r\n")
        } else if form.isOld {
            append("Connection: keep-alive\r\n")
        }
        append("\r\n")
        if !form.isHead && !response.status.forbidsContent && !response.sharesBody(isHead: form.isHead) { append(response.body) }
    }

    private func append(_ status: Status) {
        let line = status.line
        append(line)
        if line.utf8CodeUnitCount == 15 {
            // The line of an unknown code, with zeros for its digits.
            remove(count - 6..<count)
            append(decimal: Int(status.code))
            append(" \r\n")
        }
    }

    private func append(decimal value: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.maxDigits) { room in
            append(UnsafeRawBufferPointer(Decimal.write(Int64(value), into: room)))
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
