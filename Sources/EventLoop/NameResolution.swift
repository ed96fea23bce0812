internal import CLibUV

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// An address that a stream can listen on or connect to.
public struct SocketAddress: Sendable, Equatable, CustomStringConvertible {
    let storage: [UInt8]
    /// The address in digits and its port: `127.0.0.1:8080`, `[::1]:8080`.
    public let description: String
    /// The address in digits, as libpq wants it in `hostaddr`.
    public let host: String
    /// From 0 to 65535.
    public let port: UInt16
    /// `AF_INET` or `AF_INET6`.
    var family: Int32 { withPointer { Int32($0.pointee.sa_family) } }

    /// Whether nobody outside of this machine can reach it.
    public var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" }

    init?(_ address: UnsafePointer<sockaddr>, length: Int) {
        storage = [UInt8](UnsafeRawBufferPointer(start: address, count: length))
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let v4 = UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr_in.self)
            guard uv_ip4_name(v4, &text, text.count) == 0 else { return nil }
            port = UInt16(bigEndian: v4.pointee.sin_port)
            host = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            description = "\(host):\(port)"
        case AF_INET6:
            let v6 = UnsafeRawPointer(address).assumingMemoryBound(to: sockaddr_in6.self)
            guard uv_ip6_name(v6, &text, text.count) == 0 else { return nil }
            port = UInt16(bigEndian: v6.pointee.sin6_port)
            host = String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            description = "[\(host)]:\(port)"
        default:
            return nil
        }
    }

    func withPointer<Result>(_ body: (UnsafePointer<sockaddr>) -> Result) -> Result {
        var address = sockaddr_storage()
        withUnsafeMutableBytes(of: &address) { $0.copyBytes(from: storage) }
        return withUnsafeBytes(of: &address) { body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self)) }
    }
}

extension Loop {
    /// The addresses of `host`, a name or digits, on libuv's thread pool while the loop goes on.
    ///
    /// - Throws: ``LoopError`` when the name is unknown or the resolver cannot be reached.
    public func resolve(_ host: String, port: UInt16) async throws -> [SocketAddress] {
        let lookup = NameLookup()
        lookup.start(host, port, on: handle)
        try check(await lookup.status.wait())
        return lookup.addresses
    }
}

private final class NameLookup {
    let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
    var addresses: [SocketAddress] = []
    let status = Promise<Int32>()

    deinit {
        request.deallocate()
    }

    func start(_ host: String, _ port: UInt16, on loop: UnsafeMutablePointer<uv_loop_t>) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Darwin)
            hints.ai_socktype = SOCK_STREAM
        #else
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #endif
        let retained = Unmanaged.passRetained(self)
        request.pointee.data = retained.toOpaque()
        let status = uv_getaddrinfo(
            loop, request,
            { request, status, list in
                let this = Unmanaged<NameLookup>.fromOpaque(request!.pointee.data).takeRetainedValue()
                var entry = list
                while let found = entry {
                    if let address = found.pointee.ai_addr,
                        let address = SocketAddress(address, length: Int(found.pointee.ai_addrlen))
                    {
                        this.addresses.append(address)
                    }
                    entry = found.pointee.ai_next
                }
                uv_freeaddrinfo(list)
                this.status.give(status)
            }, host, String(port), &hints)
        if status < 0 {
            retained.release()
            self.status.give(status)
        }
    }
}
