public import EventLoop

/// Which Redis is the cache, and how it is used.
public struct RedisConfiguration: Sendable, Hashable {
    public var endpoint: Endpoint
    /// Nil means the server's default user, if there is a password at all.
    public var user: String?
    public var password: String?
    public var database = 0

    /// The first part of every key.
    public var prefix = "larder"
    /// Names what entries are made of: those of another one are not seen.
    public var fingerprint = ""
    /// How many milliseconds a command may wait for its reply. A server that stops delays a read by this once.
    public var commandTimeout: UInt64 = 250
    /// How many milliseconds each address of the server has to accept a connection.
    public var connectTimeout: UInt64 = 1_000
    /// How many milliseconds the state of a tag is kept; up to a tenth is added at random, so that those which were made
    /// together do not expire together. Entries die with it, so it is more than they live.
    public var tagLifetime = 600_000
    public var limits = RedisLimits()

    public init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }
}

extension RedisConfiguration: CustomStringConvertible {
    /// The URL without its password.
    public var description: String {
        let credentials = password == nil ? "" : "\(user ?? ""):***@"
        switch endpoint {
        case .tcp(let host, let port):
            let host = host.contains(":") ? "[\(host)]" : host
            return "redis://\(credentials)\(host):\(port)/\(database)"
        case .unix(let path):
            return "unix://\(credentials)\(path)" + (database == 0 ? "" : "?db=\(database)")
        }
    }
}
