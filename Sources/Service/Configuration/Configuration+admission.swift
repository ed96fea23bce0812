internal import API
internal import Model

/// Who may use the two listeners, and as what they may ask for them.
extension Configuration {
    enum Authentication: String, CaseIterable, Sendable {
        case off, token
    }

    mutating func readAdmission(_ reader: inout EnvironmentReader) {
        readAuthentication(&reader, ServiceSettings.authentication, of: ServiceSettings.host, http)
        readAuthentication(&reader, ServiceSettings.adminAuthentication, of: ServiceSettings.adminHost, admin)
        readHosts(&reader)
    }

    /// Whoever lets other machines in decides whether they have to show something.
    private func readAuthentication(
        _ reader: inout EnvironmentReader, _ setting: Setting<Authentication>, of host: Setting<String>, _ address: Address
    ) {
        let name = setting.name
        if reader[name] == nil, !address.isLoopback {
            reader.rejectSecret(
                name, "\(host.name) \(address.host) can be reached from other machines, so decide: \(name)=off lets everybody in")
        }
        if reader.read(setting) == .token {
            reader.rejectSecret(name, "bearer tokens are not available in this version; expected is off")
        }
    }

    private mutating func readHosts(_ reader: inout EnvironmentReader) {
        hosts.api = reader.read(ServiceSettings.hosts, default: http.isLoopback ? .loopback : .any)
        // Who asks the admin listener on loopback does so by names of loopback, whatever the API is called.
        let admin: Hosts =
            switch (reader[ServiceSettings.hosts.name], admin.isLoopback) {
            case (nil, true): .loopback
            case (nil, false): .any
            case (_, true): hosts.api.union(.loopback)
            case (_, false): hosts.api
            }
        hosts.admin = reader.read(ServiceSettings.adminHosts, default: admin)
    }
}

extension Configuration.Address {
    /// Whether nobody outside of this machine can reach it. Of names it is known of `localhost` alone.
    var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
    }
}
