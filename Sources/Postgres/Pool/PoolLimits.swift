/// How much a pool may hold, and how long it waits for what. Times are in milliseconds.
public struct PoolLimits: Sendable, Hashable {
    /// Connections of one worker.
    public var size = 4
    /// How many single runs share one connection at a time. Beyond it they wait in line, from where the first connection
    /// that has room takes them.
    public var pipelineDepth = 16
    /// A connection that works on one run for longer than this takes no more of them until it is done.
    public var slowAfter: UInt64 = 20
    /// How many may wait in line. Whoever comes after them is turned away at once.
    public var waiting = 1_024
    /// The pause after the first failure to connect. It doubles with each further one, up to ``longestPause``, and a
    /// random part of up to half of it is taken off, so that the workers do not return all at once.
    public var shortestPause: UInt64 = 50
    /// The longest pause between two attempts to connect.
    public var longestPause: UInt64 = 2_000
    /// How long a connection may do nothing. Then it is given back, for others who may need it.
    public var idleTime: UInt64 = 60_000
    /// How long a refusal of the server to write, as of a full disk, is told of; see ``PostgresPool/trouble``.
    public var troubleMemory: UInt64 = 10_000
    /// How long a transaction that was left open may take to roll back. Then its connection is closed.
    public var rollbackPatience: UInt64 = 1_000
    /// The least time that a `COMMIT` has to be answered, even if the transaction's deadline is nearer: to know the
    /// outcome is worth more than to be in time.
    public var commitPatience: UInt64 = 1_000

    public init() {}

    public init(size: Int) { self.size = size }

    /// How many connections may be lent out for transactions. One stays for reads, which are short, so that they never
    /// wait for transactions, which are not.
    var exclusive: Int { max(1, size - 1) }

    /// The pause before the attempt that follows `failures` failures; `jitter` is random in 0..<1.
    func pause(after failures: Int, jitter: Double) -> UInt64 {
        guard failures > 0 else { return 0 }
        let doubled = failures > 32 ? longestPause : min(longestPause, shortestPause << UInt64(failures - 1))
        return doubled - UInt64(Double(doubled) / 2 * jitter)
    }
}
