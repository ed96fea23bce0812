/// What is to be sent over one connection, in order: bytes that were copied here, and long bodies that are shared with whoever has
/// them, as a cache does.
///
/// A short body is copied, so that it leaves with its head, and with the answers beside it, in one piece. To share a long one
/// costs as much for a megabyte as for ten kilobytes, and a client that does not take it holds no copy.
final class Output {
    /// A body of more bytes is shared.
    static let maxCopiedBody = 8_192

    /// Heads and short bodies.
    let copied: ByteBuffer
    private var bodies: [Body] = []
    /// The copied bytes that stand before the last of the bodies.
    private var copiedBeforeLast = 0
    /// The bytes of bodies that are still to be sent.
    private var sharedCount = 0

    private struct Body {
        let bytes: [UInt8]
        var sent = 0
        /// How many copied bytes stand between the body before and this one.
        var copiedBefore: Int
    }

    init(_ pool: BufferPool) { copied = ByteBuffer(pool) }

    /// The bytes that are to be sent.
    var count: Int { copied.count + sharedCount }
    var isEmpty: Bool { count == 0 }
    /// Whether some of them are of shared bodies.
    var sharesBodies: Bool { sharedCount > 0 }

    /// Puts a body behind all else, without copying it. An empty one is nothing.
    func append(shared bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        bodies.append(Body(bytes: bytes, copiedBefore: copied.count - copiedBeforeLast))
        copiedBeforeLast = copied.count
        sharedCount += bytes.count
    }

    /// Calls `send` with what is to be sent next: copied bytes, and the rest of the body behind them. Either may be empty.
    func withNext<Result>(_ send: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Result) -> Result {
        let copied = UnsafeRawBufferPointer(copied.bytes)
        guard sharesBodies else { return send(copied, UnsafeRawBufferPointer(start: nil, count: 0)) }
        let body = bodies[0]
        return body.bytes.withUnsafeBytes { bytes in
            send(
                UnsafeRawBufferPointer(rebasing: copied.prefix(body.copiedBefore)),
                UnsafeRawBufferPointer(rebasing: bytes.dropFirst(body.sent)))
        }
    }

    /// Drops bytes that were sent, no more than ``withNext(_:)`` showed.
    ///
    /// - Returns: the body of which the last byte is among them.
    func removeFirst(_ count: Int) -> [UInt8]? {
        guard sharesBodies else {
            copied.removeFirst(count)
            return nil
        }
        let fromCopied = min(count, bodies[0].copiedBefore)
        copied.removeFirst(fromCopied)
        copiedBeforeLast -= fromCopied
        bodies[0].copiedBefore -= fromCopied
        bodies[0].sent += count - fromCopied
        sharedCount -= count - fromCopied
        guard bodies[0].sent == bodies[0].bytes.count else { return nil }
        return bodies.removeFirst().bytes
    }

    /// Forgets everything, and gives the memory back.
    ///
    /// - Returns: the bodies that were not sent to their ends.
    func removeAll() -> [[UInt8]] {
        defer { bodies = [] }
        copied.release()
        copiedBeforeLast = 0
        sharedCount = 0
        return bodies.map(\.bytes)
    }
}
