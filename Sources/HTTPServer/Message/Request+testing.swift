extension Request {
    /// A request without a connection, to hand to a handler in a test.
    ///
    /// - Parameter bytes: one whole request as a client sends it.
    /// - Throws: ``ParseFailure`` when the server would refuse it. An incomplete head traps.
    public convenience init(parsing bytes: [UInt8], limits: RequestParser.Limits = RequestParser.Limits()) throws(ParseFailure) {
        self.init(BufferPool(), limits)
        bytes.withUnsafeBytes { buffer.append($0) }
        guard let result = takeHead(0) else { preconditionFailure("the head of the request is incomplete") }
        try result.get()
    }
}
