/// What the handshake learns of the server.
struct ServerIdentity: Equatable {
    /// 40 hexadecimal digits, random, made anew by each start of the process.
    var runID: String
    /// The same, made anew whenever it becomes a master.
    var replication: String
    /// The database and the prefix of the keys: those who use others hear nothing of each other.
    var area: String
    var version: String
    var evictionHazard: EvictionHazard?
    /// After how many seconds it ends a connection that is idle; 0 if it does not, or does not tell.
    var idleSeconds = 0
    var scripts: LoadedScripts

    /// Names its life.
    var life: String { "\(runID):\(replication):\(area)" }
}

/// The answer to `INFO`: lines of `name:value`.
struct ServerInfo {
    private var values: [Substring: Substring] = [:]

    init(_ text: String) {
        // A line ends with \r\n, which is one Character.
        for line in text.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            values[line[..<colon]] = line[line.index(after: colon)...]
        }
    }

    subscript(_ name: Substring) -> String? { values[name].map(String.init) }
}
