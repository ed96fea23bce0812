public import EventLoop

extension PostgresConnection {
    /// Connects, without blocking the loop: to the first of the configured hosts that will do.
    ///
    /// - Throws: ``PostgresError/Kind/unreachable`` with what the last host that was tried said;
    ///   ``PostgresError/Kind/invalidConfiguration`` if there is a database, but none that can be used.
    public static func connect(
        _ configuration: PostgresConfiguration, on loop: Loop,
        observe: @escaping (PostgresEvent) -> Void = { _ in }
    ) async throws(PostgresError) -> PostgresConnection {
        try await connect(configuration, on: loop, environment: ConnectionEnvironment(observe: observe))
    }

    static func connect(
        _ configuration: PostgresConfiguration, on loop: Loop, environment: ConnectionEnvironment
    ) async throws(PostgresError) -> PostgresConnection {
        let start = loop.now
        var failure = PostgresError(.unreachable, "no host is named in the connection string")
        for target in await ConnectTarget.all(of: configuration, on: loop) {
            switch target {
            case .unresolved(let host, let reason):
                failure = PostgresError(.unreachable, "the name \(host) cannot be resolved: \(reason)")
            case .resolved(let parameters):
                do throws(PostgresError) {
                    let handle = try await Handshake(parameters, on: loop).finish(configuration, environment.poolers)
                    let connection = PostgresConnection(
                        try Wire(handle, on: loop), on: loop, configuration: configuration, environment: environment)
                    environment.observe(.connected(connection: connection.id, milliseconds: loop.now - start))
                    return connection
                } catch {
                    // One that answered, and cannot be used whatever the others say.
                    if error.kind == .invalidConfiguration { throw error }
                    failure = error
                }
            }
        }
        throw failure
    }
}
