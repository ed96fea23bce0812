internal import CLibUV

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Who reads from a ``Stream``. All calls come on the loop's thread.
public protocol StreamDelegate: AnyObject {
    /// Where the next bytes go. The memory stays valid until ``stream(_:didRead:)``; an empty buffer means that
    /// there is no room, and ends the stream with an error.
    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer
    /// `count` bytes were put at the start of the buffer that was given last.
    func stream(_ stream: Stream, didRead count: Int)
    /// Nothing more will be read: ``LoopError/endOfFile`` when the other side has finished, else what went wrong.
    func stream(_ stream: Stream, didStopReading reason: LoopError)
    /// All that had to wait for the other side has been written, or cannot be any more: then the next write says so.
    func streamDidDrain(_ stream: Stream)
}

/// A connection over TCP or a unix socket.
public final class Stream {
    public unowned let loop: Loop
    /// Who reads. Set it before ``startReading()``.
    public weak var delegate: (any StreamDelegate)?
    /// Bytes of which the stream keeps a copy since the kernel has not taken them yet.
    public fileprivate(set) var pendingBytes = 0
    /// Whether ``close()`` was called, or the stream ended in an error.
    public private(set) var isClosed = false

    /// A `uv_tcp_t` or a `uv_pipe_t`.
    let handle: UnsafeMutablePointer<uv_stream_t>

    init(_ kind: uv_handle_type, on loop: Loop) {
        loop.checkIsolated()
        self.loop = loop
        handle = UnsafeMutableRawPointer.allocate(byteCount: uv_handle_size(kind), alignment: 16)
            .bindMemory(to: uv_stream_t.self, capacity: 1)
        let status =
            kind == UV_TCP
            ? uv_tcp_init(loop.handle, UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_tcp_t.self))
            : uv_pipe_init(loop.handle, UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_pipe_t.self), 0)
        precondition(status == 0, "libuv gives no handle: \(LoopError(status))")
        handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
    }

    deinit {
        close()
    }

    /// Reads until ``stopReading()``, the end or an error, and tells the delegate.
    public func startReading() {
        guard !isClosed else { return }
        uv_read_start(
            handle,
            { handle, _, buffer in
                let this = Unmanaged<Stream>.fromOpaque(handle!.pointee.data).takeUnretainedValue()
                let room = this.delegate?.streamReadBuffer(this)
                buffer!.pointee = uv_buf_init(room?.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(room?.count ?? 0))
            },
            { handle, count, _ in
                let this = Unmanaged<Stream>.fromOpaque(handle!.pointee.data).takeUnretainedValue()
                if count > 0 {
                    this.delegate?.stream(this, didRead: count)
                } else if count < 0 {
                    this.stopReading()
                    this.delegate?.stream(this, didStopReading: LoopError(Int32(count)))
                }
            })
    }

    /// Leaves what the other side sends in the kernel's buffer, which slows it down.
    public func stopReading() {
        guard !isClosed else { return }
        uv_read_stop(handle)
    }

    /// Writes as much as the kernel takes at once and keeps a copy of the rest until it takes that too.
    ///
    /// What cannot be written is lost without an error here: the reading side of the stream reports the end.
    public func write(_ bytes: UnsafeRawBufferPointer) {
        guard !isClosed, bytes.count > 0 else { return }
        var written = 0
        if pendingBytes == 0 {
            var buffer = uv_buf_t(bytes[...])
            written = max(Int(uv_try_write(handle, &buffer, 1)), 0)  // an error comes again from uv_write
        }
        if written < bytes.count {
            let rest = WriteRequest(self, bytes[written...])
            pendingBytes += rest.bytes.count
            rest.start()
        }
    }

    /// Writes as much of two pieces, one behind the other, as the kernel takes at once. If that is not all, it keeps a copy of a
    /// small part of the rest, and its delegate hears when the kernel takes more; so who has much to write keeps no more than one
    /// copy of it.
    ///
    /// - Returns: how many bytes need not be written again: those that the kernel took, and those that are kept. All of them when
    ///   the connection is broken: the reading side of the stream reports the end. None while ``pendingBytes`` are kept.
    public func writeSome(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        let count = first.count + second.count
        guard !isClosed, count > 0 else { return count }
        guard pendingBytes == 0 else { return 0 }
        let status = second.isEmpty ? tryWrite(first) : tryWrite(first, second)
        if status < 0, status != UV_EAGAIN.rawValue { return count }
        let written = max(Int(status), 0)
        guard written < count else { return count }
        let rest = written < first.count ? first[written...] : second[(written - first.count)...]
        let kept = WriteRequest(self, rest.prefix(Self.keptBytes))
        pendingBytes = kept.bytes.count
        kept.start()
        return written + kept.bytes.count
    }

    /// Of what the kernel does not take, so much is kept to hear when it takes more.
    private static let keptBytes = 4_096

    private func tryWrite(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var buffer = uv_buf_t(bytes[...])
        return uv_try_write(handle, &buffer, 1)
    }

    private func tryWrite(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int32 {
        withUnsafeTemporaryAllocation(of: uv_buf_t.self, capacity: 2) { buffers in
            buffers.initializeElement(at: 0, to: uv_buf_t(first[...]))
            buffers.initializeElement(at: 1, to: uv_buf_t(second[...]))
            return uv_try_write(handle, buffers.baseAddress, 2)
        }
    }

    /// Bytes that the kernel has of us and the other side has not acknowledged yet.
    public var unacknowledgedBytes: Int {
        guard let descriptor else { return 0 }
        var count: Int32 = 0
        #if canImport(Darwin)
            var size = socklen_t(MemoryLayout<Int32>.size)
            _ = getsockopt(descriptor, SOL_SOCKET, SO_NWRITE, &count, &size)
        #else
            _ = ioctl(descriptor, UInt(TIOCOUTQ), &count)  // SIOCOUTQ has this number
        #endif
        return Int(count)
    }

    /// Lets the kernel take a megabyte beside what is under way to the other side, and not many for one that does not read. So who
    /// writes sees that it does not, and the memory of the kernel is bounded too.
    func boundKernelBuffer() {
        guard let descriptor else { return }
        var bytes: Int32 = 1_048_576
        // Where there is no such option, nothing is lost but that.
        _ = setsockopt(
            descriptor, Int32(IPPROTO_TCP), TCP_NOTSENT_LOWAT, &bytes, socklen_t(MemoryLayout<Int32>.size))
    }

    private var descriptor: Int32? {
        var descriptor: Int32 = -1
        guard !isClosed else { return nil }
        let status = UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_handle_t.self, capacity: 1) {
            uv_fileno($0, &descriptor)
        }
        return status == 0 ? descriptor : nil
    }

    /// Sends the end of our side after all that was written. The other side may go on sending.
    public func finishWriting() {
        guard !isClosed else { return }
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        if uv_shutdown(request, handle, { request, _ in request?.deallocate() }) < 0 { request.deallocate() }
    }

    /// Ends both sides at once, and what the kernel has of us and the other side has not taken is lost too. For one who takes
    /// nothing: else the kernel keeps it for minutes.
    public func reset() {
        guard !isClosed else { return }
        let status = UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_tcp_t.self, capacity: 1) {
            uv_tcp_close_reset($0) { UnsafeMutableRawPointer($0!).deallocate() }
        }
        guard status == 0 else { return close() }  // our side has ended already
        isClosed = true
        handle.pointee.data = nil
    }

    /// Ends both sides at once. What was not written yet is lost.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        handle.pointee.data = nil
        UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_handle_t.self, capacity: 1) { handle in
            uv_close(handle) { UnsafeMutableRawPointer($0!).deallocate() }
        }
    }

    fileprivate func wrote(_ count: Int) {
        pendingBytes -= count
        if pendingBytes == 0, !isClosed { delegate?.streamDidDrain(self) }
    }
}

/// Bytes that wait for the other side, with what libuv needs to write them.
private final class WriteRequest {
    let request = UnsafeMutablePointer<uv_write_t>.allocate(capacity: 1)
    let bytes: UnsafeMutableRawBufferPointer
    let stream: Stream

    init(_ stream: Stream, _ rest: Slice<UnsafeRawBufferPointer>) {
        self.stream = stream
        bytes = .allocate(byteCount: rest.count, alignment: 1)
        bytes.copyBytes(from: rest)
    }

    deinit {
        request.deallocate()
        bytes.deallocate()
    }

    func start() {
        let retained = Unmanaged.passRetained(self)
        request.pointee.data = retained.toOpaque()
        var buffer = uv_buf_t(UnsafeRawBufferPointer(bytes)[...])
        let status = uv_write(request, stream.handle, &buffer, 1) { request, _ in
            let this = Unmanaged<WriteRequest>.fromOpaque(request!.pointee.data).takeRetainedValue()
            this.stream.wrote(this.bytes.count)
        }
        if status < 0 {
            stream.pendingBytes -= bytes.count
            retained.release()
        }
    }
}

extension uv_buf_t {
    /// libuv's buffers are mutable for reading's sake; writing leaves them alone.
    fileprivate init(_ bytes: Slice<UnsafeRawBufferPointer>) {
        let start = UnsafeMutableRawPointer(mutating: UnsafeRawBufferPointer(rebasing: bytes).baseAddress)
        self = uv_buf_init(start?.assumingMemoryBound(to: CChar.self), UInt32(bytes.count))
    }
}
