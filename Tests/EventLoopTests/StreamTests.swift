import EventLoop
import Testing

/// Keeps what it reads, and echoes it if asked to.
private final class Reader: StreamDelegate {
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
    let echoes: Bool
    private(set) var bytes: [UInt8] = []
    private(set) var end: LoopError?
    private(set) var drains = 0
    var onChange: () -> Void = {}

    init(echoes: Bool = false) { self.echoes = echoes }
    deinit { room.deallocate() }

    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer { room }

    func stream(_ stream: Stream, didRead count: Int) {
        let read = UnsafeRawBufferPointer(rebasing: room[..<count])
        if echoes { stream.write(read) }
        bytes.append(contentsOf: read)
        onChange()
    }

    func stream(_ stream: Stream, didStopReading reason: LoopError) {
        end = reason
        if echoes { stream.finishWriting() }
        onChange()
    }

    func streamDidDrain(_ stream: Stream) {
        drains += 1
        onChange()
    }

    func wait(until condition: @escaping (Reader) -> Bool) async {
        if condition(self) { return }
        await withUnsafeContinuation { continuation in
            onChange = { [unowned self] in
                guard condition(self) else { return }
                self.onChange = {}
                continuation.resume()
            }
        }
    }
}

/// Runs `body` on a loop of its own.
private func onLoop<Result: Sendable>(_ body: @escaping @Sendable (Loop) async throws -> Result) async throws -> Result {
    let loop = Loop()
    loop.start()
    return try await withCheckedThrowingContinuation { done in
        loop.submit {
            do { done.resume(returning: try await body(loop)) } catch { done.resume(throwing: error) }
        }
    }
}

@Suite struct `Streams` {
    @Test func `carry bytes both ways and report the end`() async throws {
        let (sent, received, end) = try await onLoop { loop in
            let any = try await loop.resolve("127.0.0.1", port: 0)[0]
            let server = Reader(echoes: true)
            var accepted: [Stream] = []
            let listener = try Listener(any, on: loop, backlog: 16) { stream in
                accepted.append(stream)
                stream.delegate = server
                stream.startReading()
            }
            let stream = try await Stream.connect(
                to: .tcp(host: "localhost", port: listener.address.port), on: loop, timeout: 1000)
            let client = Reader()
            stream.delegate = client
            stream.startReading()
            // More than the kernel takes at once, so that a part has to wait.
            let sent = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0) }
            sent.withUnsafeBytes { stream.write($0) }
            let waited = stream.pendingBytes > 0
            stream.finishWriting()
            await client.wait { $0.end != nil }
            #expect(waited)
            #expect(client.drains == 1)
            #expect(server.bytes == sent)
            stream.close()
            return (sent, client.bytes, client.end)
        }
        #expect(received == sent)
        #expect(end == .endOfFile)
    }

    @Test func `that nobody listens to cannot be connected`() async throws {
        await #expect(throws: LoopError.self) {
            try await onLoop { loop in
                _ = try await Stream.connect(to: .unix(path: "/nowhere/socket"), on: loop, timeout: 1000)
            }
        }
    }

    @Test func `of an unknown host cannot be connected`() async throws {
        await #expect(throws: LoopError.self) {
            try await onLoop { loop in
                _ = try await Stream.connect(to: .tcp(host: "no-such-host.invalid", port: 1), on: loop, timeout: 1000)
            }
        }
    }

    @Test func `share a port between loops`() async throws {
        let address = try await onLoop { loop in
            let listener = try Listener(try await loop.resolve("127.0.0.1", port: 0)[0], on: loop, backlog: 16) { _ in }
            _ = Unmanaged.passRetained(listener)  // listens until the process ends
            return listener.address
        }
        try await onLoop { loop in
            let second = try Listener(address, on: loop, backlog: 16) { _ in }
            #expect(second.address == address)
        }
    }
}
