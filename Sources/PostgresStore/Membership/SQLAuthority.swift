public import CacheCoordinator
public import EventLoop
public import Postgres

/// The database as the authority on its cache: over a connection of its own, which also hears of messages.
public final class SQLAuthority: CacheAuthority {
    /// Random, made with this value.
    public let member = String(UInt64.random(in: .min ... .max), radix: 16)
    /// Called with each notification that is a message.
    public var onMessage: (CacheMessage) -> Void = { _ in }
    /// Called when the connection was another one meanwhile.
    public var onGap: () -> Void = {}

    private let configuration: PostgresConfiguration
    private let loop: Loop
    private let patience: UInt64
    private var connection: PostgresConnection?
    private var connecting: Promise<Result<PostgresConnection, any Error>>?
    /// Where all listen.
    private var channel = ""
    private var hasHeardBefore = false
    private var lastBeat: UInt64 = 0
    private var heardBeat: UInt64 = 0

    /// - Parameter patience: how long the database may take to answer, in milliseconds.
    public init(_ configuration: PostgresConfiguration, on loop: Loop, patience: UInt64 = 2_000) {
        var configuration = configuration
        // Not one of those that readers ask for: what it writes nobody caches.
        configuration.applicationName = "membership of larder"
        self.configuration = configuration
        self.loop = loop
        self.patience = patience
    }

    /// Closes the connection.
    public func close() {
        connection?.close()
        connection = nil
    }

    // MARK: Questions

    /// Writes what this member obeys and reaches, and reads the row after that.
    public func renew(obeys epoch: UInt64, life: String?, lease: UInt64) async throws -> CacheRow {
        let connection = try await connected()
        if lastBeat > heardBeat + 1 {
            // Messages do not arrive, though answers do.
            connection.close()
            throw MessagesMissing()
        }
        let values = [member, String(epoch), life, String(lease)]
        while true {
            // What it obeys has to be seen by all before the row is read, so these are transactions of their own.
            let update = try await run(Statement(MembershipSQL.update, values), on: connection)
            if update.commandTag != "UPDATE 1" { _ = try await run(Statement(MembershipSQL.insert, values), on: connection) }
            lastBeat += 1
            let beat = CacheMessage.beat(member: member, number: lastBeat)
            let results = try await connection.run(
                [
                    Statement(MembershipSQL.row, [member]),
                    Statement(MembershipSQL.notify, ["\(channel)_\(member)", beat.text]),
                ], deadline: loop.now + patience)
            // Whoever opened the cache in between may have forgotten a member that it had waited for in vain.
            if results[0].bool(0, 6) == true { return try row(results[0]) }
        }
    }

    /// Forgets this member.
    public func leave() async throws {
        guard let connection else { return }
        _ = try await run(Statement(MembershipSQL.delete, [member]), on: connection)
    }

    /// Reads the row.
    public func row() async throws -> CacheRow { try row(try await run(Statement(MembershipSQL.row, [nil]))) }

    /// All that are known.
    public func members() async throws -> [CacheMember] {
        let result = try await run(Statement(MembershipSQL.members))
        return (0..<result.rows).compactMap { row in
            guard let id = result.string(row, 0), let obeys = result.int64(row, 1), let lease = result.int64(row, 3)
            else { return nil }
            return CacheMember(
                id: id, obeys: UInt64(obeys), life: result.string(row, 2), lease: UInt64(lease),
                isLive: result.bool(row, 4) ?? false)
        }
    }

    /// Closes the cache, if it is open in this epoch, and tells all.
    public func close(_ epoch: UInt64) async throws -> CacheRow {
        let connection = try await connected()
        _ = try await run(Statement(MembershipSQL.close, [String(epoch), channel, CacheMessage.row.text]), on: connection)
        return try await row()
    }

    /// Opens the cache, if it is closed in this epoch, and tells all.
    public func open(_ epoch: UInt64, life: String, forgetting members: [String]) async throws -> CacheRow {
        let connection = try await connected()
        let parameters = [String(epoch), life, ArrayLiteral.encode(members), channel, CacheMessage.row.text]
        _ = try await run(Statement(MembershipSQL.open, parameters), on: connection)
        return try await row()
    }

    /// Notifies those whom the messages are for.
    public func send(_ messages: [CacheMessage]) async throws {
        let connection = try await connected()
        let statements = messages.map { message in
            let recipient =
                switch message {
                case .relay(let relay): "_" + relay.to
                case .answer(let member, _, _), .beat(let member, _): "_" + member
                case .row, .changed: ""
                }
            return Statement(MembershipSQL.notify, [channel + recipient, message.text])
        }
        _ = try await connection.run(statements, deadline: loop.now + patience)
    }

    private func run(_ statement: Statement) async throws -> PostgresResult {
        try await run(statement, on: try await connected())
    }

    private func run(_ statement: Statement, on connection: PostgresConnection) async throws -> PostgresResult {
        try await connection.run(statement, deadline: loop.now + patience)
    }

    private func row(_ result: PostgresResult) throws -> CacheRow {
        guard result.rows == 1, let epoch = result.int64(0, 0), let isOpen = result.bool(0, 1), let now = result.string(0, 4),
            let database = result.string(0, 5)
        else { throw UnexpectedRow(table: "larder_cache", column: "epoch") }
        let timeline = result.string(0, 3)
        return CacheRow(
            epoch: UInt64(epoch), isOpen: isOpen, life: result.string(0, 2),
            keyspace: Keyspace("\(database)-\(timeline ?? "0")-\(epoch)"), isSameHistory: timeline == nil || timeline == now)
    }

    // MARK: The connection

    private func connected() async throws -> PostgresConnection {
        if let connection, connection.isOpen { return connection }
        if let connecting { return try await connecting.wait().get() }
        let promise = Promise<Result<PostgresConnection, any Error>>()
        connecting = promise
        let result: Result<PostgresConnection, any Error>
        do { result = .success(try await connect()) } catch { result = .failure(error) }
        connecting = nil
        promise.give(result)
        let new = try result.get()
        if hasHeardBefore { onGap() }
        hasHeardBefore = true
        return new
    }

    private func connect() async throws -> PostgresConnection {
        let new = try await PostgresConnection.connect(configuration, on: loop)
        new.onNotification = { [weak self] in self?.heard($0) }
        do {
            guard let channel = try await run(Statement(MembershipSQL.channel), on: new).string(0, 0) else {
                throw UnexpectedRow(table: "larder_cache", column: "oid")
            }
            self.channel = channel
            for channel in [channel, "\(channel)_\(member)"] {
                _ = try await run(Statement(.unprepared("LISTEN \"\(channel)\"")), on: new)
            }
        } catch {
            new.close()
            throw error
        }
        (lastBeat, heardBeat) = (0, 0)
        connection = new
        return new
    }

    private func heard(_ notification: PostgresNotification) {
        guard let message = CacheMessage(notification.payload) else { return }
        if case .beat(_, let number) = message { heardBeat = number }
        onMessage(message)
    }
}

/// Why a member has no lease though its questions are answered: something between it and the database keeps messages back.
struct MessagesMissing: Error, CustomStringConvertible {
    var description: String {
        "notifications of the database do not arrive: a pooler must keep sessions for the connection that listens"
    }
}
