internal import CLibUV

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Accepts connections on a TCP port. Several loops may listen on one port: the kernel spreads the connections.
public final class Listener {
    /// Where it listens; the port is the one that the kernel chose if 0 was asked for.
    public let address: SocketAddress

    private let loop: Loop
    private let handle = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
    private let accept: (Stream) -> Void
    private var isClosed = false

    /// Starts to listen on `address`.
    ///
    /// - Parameters:
    ///   - sharesPort: whether others of the same user may listen on the port too, before or after.
    ///   - backlog: how many connections may wait in the kernel until they are accepted.
    ///   - accept: called with each new connection.
    /// - Throws: ``LoopError``: the address is in use, is not of this machine, or is not allowed.
    public init(
        _ address: SocketAddress, on loop: Loop, backlog: Int32, sharesPort: Bool = true,
        accept: @escaping (Stream) -> Void
    ) throws(LoopError) {
        loop.checkIsolated()
        self.loop = loop
        self.accept = accept
        let handle = self.handle
        do {
            try check(uv_tcp_init_ex(loop.handle, handle, UInt32(address.family)))
            if sharesPort { try Self.sharePort(handle) }
            try check(address.withPointer { uv_tcp_bind(handle, $0, 0) })
            self.address = try Self.boundAddress(handle)
        } catch {
            Self.close(handle)
            throw error
        }
        handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        let status = UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_stream_t.self, capacity: 1) {
            uv_listen($0, backlog) { server, status in
                guard status == 0 else { return }  // a connection that is gone already, or no descriptor left
                Unmanaged<Listener>.fromOpaque(server!.pointee.data).takeUnretainedValue().acceptOne(server!)
            }
        }
        guard status == 0 else {
            close()
            throw LoopError(status)
        }
    }

    deinit {
        close()
    }

    /// Accepts no more.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        Self.close(handle)
    }

    private func acceptOne(_ server: UnsafeMutablePointer<uv_stream_t>) {
        let stream = Stream(UV_TCP, on: loop)
        guard uv_accept(server, stream.handle) == 0 else { return stream.close() }
        uv_tcp_nodelay(UnsafeMutableRawPointer(stream.handle).assumingMemoryBound(to: uv_tcp_t.self), 1)
        stream.boundKernelBuffer()
        accept(stream)
    }

    private static func close(_ handle: UnsafeMutablePointer<uv_tcp_t>) {
        UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_handle_t.self, capacity: 1) { handle in
            uv_close(handle) { $0?.deallocate() }
        }
    }

    /// libuv before 1.49 has no flag for it.
    private static func sharePort(_ handle: UnsafeMutablePointer<uv_tcp_t>) throws(LoopError) {
        var descriptor: Int32 = -1
        try check(
            UnsafeMutableRawPointer(handle).withMemoryRebound(to: uv_handle_t.self, capacity: 1) {
                uv_fileno($0, &descriptor)
            })
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        if setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, &yes, size) != 0 { throw LoopError(-errno) }
    }

    private static func boundAddress(_ handle: UnsafeMutablePointer<uv_tcp_t>) throws(LoopError) -> SocketAddress {
        var storage = sockaddr_storage()
        var length = Int32(MemoryLayout<sockaddr_storage>.size)
        let status = withUnsafeMutableBytes(of: &storage) {
            uv_tcp_getsockname(handle, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        try check(status)
        let address = withUnsafeBytes(of: &storage) {
            SocketAddress($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length: Int(length))
        }
        return address!  // what was bound is what `SocketAddress` can hold
    }
}
