import EventLoop

@testable import Postgres

/// Stands between a client and the real server, and does to the connections what networks do.
final class Proxy {
    /// Bytes of the server are kept back while this is set; what was kept back is lost.
    var isStalled = false
    /// Called with each portion that a client sends, before it goes on to the server. False cuts the connection instead.
    var onRequest: (UnsafeRawBufferPointer) -> Bool = { _ in true }
    /// Connections that were made so far.
    private(set) var accepted = 0

    private let loop: Loop
    private let server: PostgresConfiguration
    private let endpoint: Endpoint
    private var listener: Listener?
    private var pairs: [Pair] = []
    let port: UInt16

    init(to server: PostgresConfiguration, on loop: Loop) async throws {
        self.loop = loop
        self.server = server
        let host = ConnectTarget.hosts(server.parameters, defaults: ConnectionString.defaults())[0]
        let port = host.port.isEmpty ? "5432" : host.port
        endpoint =
            host.name.hasPrefix("/")
            ? .unix(path: "\(host.name)/.s.PGSQL.\(port)") : .tcp(host: host.name, port: UInt16(port)!)
        let address = try await loop.resolve("127.0.0.1", port: 0)[0]
        var accept: (Stream) -> Void = { _ in }
        let listener = try Listener(address, on: loop, backlog: 64) { accept($0) }
        self.listener = listener
        self.port = listener.address.port
        accept = { [unowned self] in self.accept($0) }
    }

    /// The server's configuration by way of this proxy.
    func configuration() throws -> PostgresConfiguration {
        var parameters = server.parameters
        parameters["host"] = "127.0.0.1"
        parameters["hostaddr"] = nil
        parameters["port"] = String(port)
        parameters["sslmode"] = "disable"
        parameters["gssencmode"] = "disable"
        let text = parameters.map { "\($0)='\($1)'" }.joined(separator: " ")
        return try PostgresConfiguration(text)
    }

    private func accept(_ client: Stream) {
        accepted += 1
        loop.spawn { [self] in
            guard let upstream = try? await Stream.connect(to: endpoint, on: loop, timeout: 5_000) else {
                return client.close()
            }
            pairs.append(Pair(client, upstream, self))
        }
    }

    /// Ends all connections, without a word.
    func cut() {
        for pair in pairs { pair.close() }
        pairs = []
    }

    /// As ``cut()``, but later.
    func cutSoon(after milliseconds: UInt64) {
        loop.spawn { [self] in
            await loop.sleep(milliseconds: milliseconds)
            cut()
        }
    }

    /// Nobody can connect any more.
    func stopListening() {
        listener?.close()
        listener = nil
    }

    /// As before ``stopListening()``.
    func listenAgain() async throws {
        let address = try await loop.resolve("127.0.0.1", port: port)[0]
        listener = try Listener(address, on: loop, backlog: 64) { [unowned self] in accept($0) }
    }

    func close() {
        stopListening()
        cut()
    }
}

/// One connection of a client, and the one to the server that was made for it.
private final class Pair: StreamDelegate {
    private let client: Stream
    private let server: Stream
    private unowned let proxy: Proxy
    private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)

    init(_ client: Stream, _ server: Stream, _ proxy: Proxy) {
        self.client = client
        self.server = server
        self.proxy = proxy
        client.delegate = self
        server.delegate = self
        client.startReading()
        server.startReading()
    }

    deinit { room.deallocate() }

    func close() {
        client.close()
        server.close()
    }

    func streamReadBuffer(_ stream: Stream) -> UnsafeMutableRawBufferPointer { room }

    func stream(_ stream: Stream, didRead count: Int) {
        let bytes = UnsafeRawBufferPointer(rebasing: room[..<count])
        if stream === client {
            guard proxy.onRequest(bytes) else { return close() }
            server.write(bytes)
        } else if !proxy.isStalled {
            client.write(bytes)
        }
    }

    func stream(_ stream: Stream, didStopReading reason: LoopError) { close() }
    func streamDidDrain(_ stream: Stream) {}
}
