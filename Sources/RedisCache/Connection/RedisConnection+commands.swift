extension RedisConnection {
    /// Sends one command, whose reply goes to `handler`. Ask first whether there is room.
    func send(_ command: [RedisArgument], to handler: any ReplyHandler) {
        output.appendCommand(command)
        expect(handler)
    }

    /// Sends commands in one write and waits for all their replies, among which errors of the server may be.
    func run(_ commands: [[RedisArgument]]) async throws(RedisFailure) -> [RedisValue] {
        if let failure { throw failure }
        guard hasRoom(for: commands.count) else { throw .overloaded }
        if commands.isEmpty { return [] }
        let result: Result<[RedisValue], RedisFailure> = await withUnsafeContinuation { continuation in
            let replies = PipelinedReplies(of: commands.count, to: continuation)
            for command in commands { send(command, to: replies) }
        }
        return try result.get()
    }

    /// Sends one command and waits for its reply. An error of the server is thrown.
    func run(_ command: [RedisArgument]) async throws(RedisFailure) -> RedisValue {
        let reply = try await run([command])[0]
        if case .error(let message) = reply { throw .refused(message) }
        return reply
    }
}

/// The replies to commands that were sent together, for one who waits for the last of them.
private final class PipelinedReplies: ReplyHandler {
    private var values: [RedisValue] = []
    private var missing: Int
    private var continuation: UnsafeContinuation<Result<[RedisValue], RedisFailure>, Never>?

    init(of count: Int, to continuation: UnsafeContinuation<Result<[RedisValue], RedisFailure>, Never>) {
        missing = count
        values.reserveCapacity(count)
        self.continuation = continuation
    }

    func received(_ reply: Reply) {
        values.append(reply.copied())
        missing -= 1
        if missing == 0 { finish(.success(values)) }
    }

    func failed(_ failure: RedisFailure) {
        finish(.failure(failure))
    }

    private func finish(_ result: Result<[RedisValue], RedisFailure>) {
        continuation?.resume(returning: result)
        continuation = nil
    }
}
