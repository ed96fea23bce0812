internal import HTTPServer
internal import Model

extension Responder {
    /// Runs a unit of work; once for all requests with the same `Idempotency-Key`, which get the same answer.
    ///
    /// The answer is committed with the effect. An error has no effect, so it is not kept, and the request may be tried
    /// again.
    func writeOnce(_ request: Request, _ body: (UnitOfWork) async throws -> Response) async throws -> Response {
        guard let key = try await idempotencyKey(of: request) else { return try await write(body) }
        return try await write { unit in
            let (answer, isReplayed) = try await unit.once(key) {
                KeptAnswer(try await body(unit), to: key)
            }
            var response = Response(answer)
            if isReplayed { response.fields.append("Idempotency-Replayed", "true") }
            return response
        }
    }

    private func idempotencyKey(of request: Request) async throws -> IdempotencyKey? {
        guard let given = request.header("idempotency-key") else { return nil }
        guard let name = IdempotencyKey.name(in: given) else {
            throw Problem.badRequest(
                "Idempotency-Key is 1 to \(IdempotencyKey.maximumLength) visible ASCII characters but \" , ; and \\, in quotes or not."
            )
        }
        let digest = EntityTag(of: Array("\(request.methodName) \(request.path)\n".utf8) + (try await request.body()))
        return IdempotencyKey(name: name, request: EntityTags.text(of: digest), lifetime: Int64(options.idempotencyHours) * 3600)
    }
}

extension IdempotencyKey {
    static let maximumLength = 255

    /// The key in the value of the header field, which is a string of Structured Fields (RFC 9651); many clients leave the
    /// quotes out.
    ///
    /// - Returns: nil if it is malformed or too long.
    static func name(in value: String) -> String? {
        var name = value.utf8[...]
        let quote = UInt8(ascii: "\"")
        if name.first == quote, name.last == quote, name.count > 1 { name = name.dropFirst().dropLast() }
        let isValid = name.allSatisfy { 0x21...0x7E ~= $0 && !#"",;\"#.utf8.contains($0) }
        return isValid && 1...maximumLength ~= name.count ? String(Substring(name)) : nil
    }
}

extension KeptAnswer {
    fileprivate init(_ response: Response, to key: IdempotencyKey) {
        self.init(
            request: key.request, status: Int64(response.status.code),
            fields: String(decoding: response.fields.bytes, as: UTF8.self), body: String(decoding: response.body, as: UTF8.self))
    }
}

extension Response {
    fileprivate init(_ answer: KeptAnswer) {
        self.init(
            Status(Int(answer.status)), fields: FieldBlock(lines: Array(answer.fields.utf8)), body: Array(answer.body.utf8))
    }
}
