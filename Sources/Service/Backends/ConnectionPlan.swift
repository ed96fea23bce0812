internal import EventLoop
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

    /// Those of the pools, and the one by which the process hears of the cache.
    var connections: Int { workers * poolSize + 1 }

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

extension Configuration {
    /// How long the database has to answer before the service starts without knowing of it, in milliseconds. If it is away,
    /// readiness looks again.
    private static let firstLookMilliseconds: UInt64 = 2_000

    /// The configuration with pools as large as the database allows, if nobody has set their size.
    ///
    /// - Throws: what makes the database one that can never be used as it is. That it cannot be reached now may change.
    func withFittingPool(on loop: Loop) async throws(PostgresError) -> Configuration {
        guard let database else { return self }
        let pool = PostgresPool(database, on: loop, limits: PoolLimits(size: 1))
        let allowance: Int?
        do throws(PostgresError) {
            allowance = try await pool.connectionAllowance(deadline: loop.now + Self.firstLookMilliseconds)
        } catch {
            if error.kind == .invalidConfiguration { throw error }
            allowance = nil
        }
        await pool.close(within: 100)
        var plan = ConnectionPlan(self)
        guard isPoolSizeOpen, let allowance, plan.fit(within: allowance) else { return self }
        var fitted = self
        fitted.databasePool.size = plan.poolSize
        log.info(
            "each worker has fewer connections to PostgreSQL than by default: all instances share what it allows",
            ["DATABASE_POOL_SIZE": "\(plan.poolSize)", "workers": "\(plan.workers)", "allowed": "\(allowance)"])
        return fitted
    }
}
