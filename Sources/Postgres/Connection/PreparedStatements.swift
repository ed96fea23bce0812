/// Which statements one connection has prepared, under which names, and which of them have to go.
///
/// A value without I/O. It runs ahead of the server: a statement counts as prepared when it was sent, and whoever hears
/// that the server refused it, skipped it or lost it says so afterwards. A name is given once and never again, so what
/// is said late of an old name cannot be taken for news of a new one.
///
/// The program's own statements stay. Of the others the least recently used makes room for a new one. It is closed
/// later: see ``takeUseless(atLeast:)``.
struct PreparedStatements {
    /// The name of a prepared statement in the server.
    typealias Name = String

    /// How a statement is to be run.
    enum Use: Equatable {
        case unprepared
        case prepared(as: Name)
        /// It has to be prepared under this name first.
        case preparedFirst(as: Name)
    }

    private struct Recent {
        let name: Name
        var lastUse: UInt64
    }

    /// How many statements stay prepared that are not pinned.
    let limit: Int
    private let prefix: String
    private var names: UInt64 = 0
    private var clock: UInt64 = 0
    private var pinned: [SQL: Name] = [:]
    private var recent: [SQL: Recent] = [:]
    /// What the server still has and nobody will use again.
    private var useless: [Name] = []

    /// - Parameter prefix: begins all names. It is to be another one for each session: where a pooler mixes sessions up, a
    ///   name must not mean another session's statement.
    init(limit: Int, prefix: String) {
        self.limit = max(limit, 1)
        self.prefix = prefix
    }

    /// Notes that `sql` is about to be used.
    mutating func use(_ sql: SQL) -> Use {
        switch sql.preparation {
        case .never:
            return .unprepared
        case .pinned:
            if let name = pinned[sql] { return .prepared(as: name) }
            let name = newName()
            pinned[sql] = name
            return .preparedFirst(as: name)
        case .whileUsed:
            clock += 1
            if let index = recent.index(forKey: sql) {
                recent.values[index].lastUse = clock
                return .prepared(as: recent.values[index].name)
            }
            if recent.count >= limit { evict() }
            let name = newName()
            recent[sql] = Recent(name: name, lastUse: clock)
            return .preparedFirst(as: name)
        }
    }

    /// The server has nothing of this name: it refused to prepare `sql`, never came to it, or lost it.
    mutating func isMissing(_ name: Name, of sql: SQL) {
        forget(name, of: sql)
        useless.removeAll { $0 == name }
    }

    /// What the server has under this name no longer fits the tables.
    mutating func isOutdated(_ name: Name, of sql: SQL) {
        if forget(name, of: sql) { useless.append(name) }
    }

    /// What is to be closed, when it is enough to be worth the trouble; the caller closes it now.
    ///
    /// When that may be sent is for the caller to know: closing is a statement like others, which must not come between
    /// the opening of a transaction and its first statement.
    mutating func takeUseless(atLeast count: Int) -> [Name] {
        guard useless.count >= max(count, 1) else { return [] }
        defer { useless = [] }
        return useless
    }

    /// Closing these was refused, or the server never came to it.
    mutating func areStillThere(_ names: some Sequence<Name>) { useless += names }

    private mutating func newName() -> Name {
        names += 1
        return prefix + String(names)
    }

    private mutating func evict() {
        guard let oldest = recent.min(by: { $0.value.lastUse < $1.value.lastUse }) else { return }
        recent[oldest.key] = nil
        useless.append(oldest.value.name)
    }

    /// - Returns: false if the statement has another name by now, or none.
    @discardableResult
    private mutating func forget(_ name: Name, of sql: SQL) -> Bool {
        if pinned[sql] == name {
            pinned[sql] = nil
        } else if recent[sql]?.name == name {
            recent[sql] = nil
        } else {
            return false
        }
        return true
    }
}
