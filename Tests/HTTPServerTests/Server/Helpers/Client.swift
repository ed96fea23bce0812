import EventLoop

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// The methods of a client have the names of these.
private func sendBytes(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int, _ flags: Int32) -> Int {
    send(descriptor, bytes, count, flags)
}

private func closeDescriptor(_ descriptor: Int32) {
    close(descriptor)
}

/// A client that sends raw bytes over a socket of its own, on the server's loop.
final class Client {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What was read and not looked at yet.
    private(set) var received: [UInt8] = []
    /// Whether the server has ended its side.
    private(set) var hasEnded = false
    /// Whether the connection was reset.
    private(set) var wasReset = false

    private let loop: Loop
    private let descriptor: Int32
    private let watcher: DescriptorWatcher
    private var isOpen = true
    /// The longest wait for anything, in milliseconds.
    private let patience: UInt64 = 5_000

    /// - Parameter receiveBuffer: how many bytes the kernel keeps for this client, roughly; nil for its default.
    init(port: UInt16, on loop: Loop, receiveBuffer: Int32? = nil) throws {
        self.loop = loop
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(description: "the client cannot connect: \(errno)") }
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        watcher = try DescriptorWatcher(descriptor, on: loop)
    }

    /// Closes the socket.
    func close() {
        guard isOpen else { return }
        isOpen = false
        watcher.close()
        closeDescriptor(descriptor)
    }

    /// Closes the socket with a reset instead of an orderly end.
    func reset() {
        var hard = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Ends this side; the server may go on.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    // MARK: Sending

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        var start = 0
        while start < bytes.count {
            let sent = sendSome(bytes[start...])
            if sent > 0 {
                start += sent
            } else {
                try await wait(for: .writable)
            }
        }
    }

    /// Sends as much as the kernel takes now.
    ///
    /// - Returns: how much that was.
    func sendSome(_ bytes: ArraySlice<UInt8>) -> Int {
        max(bytes.withUnsafeBytes { sendBytes(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }, 0)
    }

    // MARK: Receiving

    /// The next response, with its content.
    ///
    /// - Parameter hasBody: false for the answer to HEAD.
    func response(hasBody: Bool = true) async throws -> ClientResponse {
        while true {
            if let (response, length) = ClientResponse.parse(received, hasBody: hasBody) {
                received.removeFirst(length)
                return response
            }
            try await receive()
        }
    }

    /// All that comes until the server ends the connection.
    func rest() async throws -> String {
        while !hasEnded { try await receive(orEnd: true) }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Waits for bytes, or for the end if `orEnd`.
    func receive(orEnd: Bool = false, atMost most: Int = 65_536) async throws {
        if hasEnded { throw Failure(description: "the server ended the connection") }
        var room = [UInt8](repeating: 0, count: most)
        while true {
            let count = read(descriptor, &room, room.count)
            if count > 0 {
                received.append(contentsOf: room[..<count])
                return
            }
            if count == 0 || errno != EAGAIN {
                hasEnded = true
                wasReset = count < 0
                if orEnd { return }
                throw Failure(description: "the server ended the connection")
            }
            try await wait(for: .readable)
        }
    }

    /// Whether nothing arrives for a while.
    func isQuiet(for milliseconds: UInt64) async throws -> Bool {
        await loop.sleep(milliseconds: milliseconds)
        var byte: UInt8 = 0
        return received.isEmpty && recv(descriptor, &byte, 1, Int32(MSG_PEEK)) < 0 && errno == EAGAIN
    }

    private func wait(for interest: DescriptorWatcher.Interest) async throws {
        let timer = Timer(on: loop)
        let isReady = await withUnsafeContinuation { continuation in
            var waiter: UnsafeContinuation<Bool, Never>? = continuation
            watcher.watch(interest) { [watcher] _ in
                watcher.watch([]) { _ in }
                waiter?.resume(returning: true)
                waiter = nil
            }
            timer.start(after: patience) { [watcher] in
                watcher.watch([]) { _ in }
                waiter?.resume(returning: false)
                waiter = nil
            }
        }
        timer.stop()
        if !isReady { throw Failure(description: "the server did nothing for \(patience) ms") }
    }
}
