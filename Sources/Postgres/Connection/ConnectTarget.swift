internal import EventLoop

/// One address to try: everything that libpq is told for it.
enum ConnectTarget: Equatable {
    case resolved([String: String])
    /// A name that has no address.
    case unresolved(host: String, reason: String)

    /// One host as the connection string lists it.
    struct Host: Equatable {
        /// A name, digits, the folder of a unix socket, or nothing for libpq's own choice.
        var name: String
        /// The address in digits, if it is given.
        var address: String
        var port: String

        /// Whether libpq would ask the resolver for it, and block.
        var needsResolution: Bool {
            address.isEmpty && !name.isEmpty && !name.hasPrefix("/") && !name.hasPrefix("@")
        }
    }

    /// The addresses to try, in their order.
    ///
    /// Each is tried on its own, because libpq, if it had the whole list, could not be told to give one up that does
    /// not answer. Names are resolved here for the same reason: libpq would block the loop.
    static func all(of configuration: PostgresConfiguration, on loop: Loop) async -> [ConnectTarget] {
        let defaults = ConnectionString.defaults()
        let settings = session(configuration)
        if leavesHostToService(configuration.parameters, defaults: defaults) { return [.resolved(settings)] }
        var found: [ConnectTarget] = []
        for host in hosts(configuration.parameters, defaults: defaults) {
            var parameters = settings
            parameters["host"] = host.name
            parameters["hostaddr"] = host.address
            parameters["port"] = host.port
            guard host.needsResolution else {
                found.append(.resolved(parameters))
                continue
            }
            do {
                for address in try await loop.resolve(host.name, port: UInt16(host.port) ?? 0) {
                    parameters["hostaddr"] = address.host
                    found.append(.resolved(parameters))
                }
            } catch {
                found.append(.unresolved(host: host.name, reason: "\(error)"))
            }
        }
        return found
    }

    /// The hosts that `host`, `hostaddr` and `port` list, which libpq wants to be of one length.
    static func hosts(_ parameters: [String: String], defaults: [String: String]) -> [Host] {
        func list(_ keyword: String) -> [String] {
            let text = parameters[keyword] ?? defaults[keyword] ?? ""
            return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        // The environment's host does not stand beside the connection string's address, nor the other way round.
        let isNamed = parameters["host"] != nil || parameters["hostaddr"] != nil
        let names = isNamed && parameters["host"] == nil ? [""] : list("host")
        let addresses = isNamed && parameters["hostaddr"] == nil ? [""] : list("hostaddr")
        let ports = list("port")
        return (0..<max(names.count, addresses.count)).map { index in
            Host(
                name: index < names.count ? names[index] : "",
                address: index < addresses.count ? addresses[index] : "",
                port: ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : "")
        }
    }

    /// Whether the host is in a service file (`service=` or `PGSERVICE`), which libpq reads; it resolves its name as well.
    static func leavesHostToService(_ parameters: [String: String], defaults: [String: String]) -> Bool {
        guard parameters["host"] == nil, parameters["hostaddr"] == nil else { return false }
        return parameters["service"] != nil || defaults["service"] != nil
    }

    /// What libpq is told beside the address. `options` are the operator's alone, in the connection string or `PGOPTIONS`.
    static func session(_ configuration: PostgresConfiguration) -> [String: String] {
        var parameters = configuration.parameters
        parameters["application_name"] = configuration.applicationName
        parameters["client_encoding"] = "UTF8"
        // A standby lags behind, and what it answers would be cached for all. libpq refuses its sessions.
        parameters["target_session_attrs"] = PostgresConfiguration.sessionAttributes
        // A dead network is noticed, by cancel requests too, which block a thread until then.
        for (keyword, value) in [("tcp_user_timeout", "10000"), ("keepalives_idle", "30"), ("keepalives_interval", "10")]
        where parameters[keyword] == nil {
            parameters[keyword] = value
        }
        return parameters
    }
}
