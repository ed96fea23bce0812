/// Which statements one connection has prepared, and which makes room when there are too many.
///
/// It runs ahead of the server: a statement counts as prepared when it was sent, and is forgotten again if the server
/// refused it or never came to it.
struct PreparedStatements {
    /// What has to be sent before a statement can be used by its name.
    enum Use: Equatable {
        case ready
        case prepare
        /// First the older one is to be deallocated.
        case prepareInstead(of: SQL)
    }

    private struct Known {
        var sql: SQL
        var lastUse: UInt64
        /// The server has something under this name, but not what we need.
        var isStale = false
    }

    let limit: Int
    private var known: [Int: Known] = [:]
    private var clock: UInt64 = 0

    init(limit: Int) { self.limit = max(limit, 1) }

    var count: Int { known.count }

    /// Notes that `sql`, whose number is `id`, is about to be used.
    mutating func use(_ sql: SQL, _ id: Int) -> Use {
        clock += 1
        // In place, because this is the way of every statement.
        if let index = known.index(forKey: id) {
            known.values[index].lastUse = clock
            guard known.values[index].isStale else { return .ready }
            known.values[index].isStale = false
            return .prepareInstead(of: sql)
        }
        var use = Use.prepare
        if known.count >= limit, let oldest = known.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            known[oldest.key] = nil
            use = .prepareInstead(of: oldest.value.sql)
        }
        known[id] = Known(sql: sql, lastUse: clock)
        return use
    }

    /// The server did not prepare it, or has it no more.
    mutating func forget(_ id: Int) {
        if known[id]?.isStale == false { known[id] = nil }
    }

    /// The server still has something under its name, which is to be deallocated before it is used again.
    mutating func markStale(_ sql: SQL, _ id: Int) {
        known[id] = Known(sql: sql, lastUse: clock, isStale: true)
    }
}
