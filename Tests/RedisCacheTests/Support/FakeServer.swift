import EventLoop

/// A server that answers whatever a test wants.
final class FakeServer: StreamDelegate {
    let endpoint: Endpoint
    private var listener: Listener?
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
    private let answer: (_ request: String) -> String
    private var streams: [Stream] = []

    /// - Parameter answer: what is sent back for what was read.
    init(on loop: Loop, answer: @escaping (_ request: String) -> String) async throws {
        self.answer = answer
        var accept: (Stream) -> Void = { _ in }
        let listener = try Listener(try await loop.resolve("127.0.0.1", port: 0)[0], on: loop, backlog: 16) { accept($0) }
        endpoint = .tcp(host: "127.0.0.1", port: listener.address.port)
        self.listener = listener
        accept = { [unowned self] stream in
            streams.append(stream)
            stream.delegate = self
            stream.startReading()
        }
    }

    deinit { room.deallocate() }

    func close() {
        for stream in streams { stream.close() }
        listener?.close()
    }

    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer { room }

    func stream(_ stream: Stream, didRead count: Int) {
        var reply = answer(String(decoding: room[..<count], as: UTF8.self))
        reply.withUTF8 { stream.write(UnsafeRawBufferPointer($0)) }
    }

    func stream(_ stream: Stream, didStopReading reason: LoopError) { stream.close() }
    func streamDidDrain(_ stream: Stream) {}
}
