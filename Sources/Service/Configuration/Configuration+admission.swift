internal import API

/// Who may use the two listeners, and as what they may ask for them.
extension Configuration {
    enum Authentication: String, CaseIterable, Sendable {
        case off, token
    }

    mutating func readAdmission(_ reader: inout EnvironmentReader) {
        readAuthentication(&reader, "API_AUTH", of: "HTTP_HOST", http)
        readAuthentication(&reader, "ADMIN_AUTH", of: "ADMIN_HOST", admin)
        readHosts(&reader)
    }

    /// Whoever lets other machines in decides whether they have to show something.
    private func readAuthentication(_ reader: inout EnvironmentReader, _ name: String, of host: String, _ address: Address) {
        if reader[name] == nil, !address.isLoopback {
            reader.rejectSecret(
                name, "\(host) \(address.host) can be reached from other machines, so decide: \(name)=off lets everybody in")
        }
        if reader.choice(name, default: Authentication.off) == .token {
            reader.rejectSecret(name, "bearer tokens are not available in this version; expected is off")
        }
    }

    private mutating func readHosts(_ reader: inout EnvironmentReader) {
        let expectation = "* or hosts with commas between, each with a port or without, such as api.example.org,127.0.0.1:8080"
        hosts.api = reader.parsed("HTTP_HOSTS", default: http.isLoopback ? .loopback : .any, expectation) { Hosts($0) }
        // Who asks the admin listener on loopback does so by names of loopback, whatever the API is called.
        let admin: Hosts =
            switch (reader["HTTP_HOSTS"], admin.isLoopback) {
            case (nil, true): .loopback
            case (nil, false): .any
            case (_, true): hosts.api.union(.loopback)
            case (_, false): hosts.api
            }
        hosts.admin = reader.parsed("ADMIN_HOSTS", default: admin, expectation) { Hosts($0) }
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
