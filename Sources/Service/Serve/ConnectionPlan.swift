internal import Postgres

/// How many connections to PostgreSQL the process takes at most, held against how many there are.
struct ConnectionPlan: Equatable {
    let workers: Int
    /// Of each worker.
    var poolSize: Int

    init(workers: Int, poolSize: Int) {
        self.workers = workers
        self.poolSize = poolSize
    }

    init(_ configuration: Configuration) {
        self.init(workers: configuration.workers, poolSize: configuration.databasePool.size)
    }

    var connections: Int { workers * poolSize }

    /// Makes the pools smaller until they take at most half of what the server allows: the other half is for a second instance,
    /// which there is during each deployment, for migrations and for people.
    ///
    /// - Returns: whether they had to be made smaller.
    mutating func fit(within allowance: Int) -> Bool {
        let share = max(1, allowance / 2 / workers)
        guard share < poolSize else { return false }
        poolSize = share
        return true
    }

    /// What to do if it takes more than the server allows; nil if it does not.
    func shortage(of allowance: Int) -> String? {
        guard connections > allowance else { return nil }
        return "PostgreSQL allows \(allowance) connections, and under load \(connections) are wanted: lower HTTP_WORKERS or "
            + "DATABASE_POOL_SIZE, or raise max_connections or the limit of the role or the database"
    }
}
