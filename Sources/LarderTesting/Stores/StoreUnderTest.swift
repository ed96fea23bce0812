public import EventLoop
internal import MemoryStore
public import Model
public import PostgresStore

/// A store on which tests run, and how to get a fresh, empty one.
public struct StoreUnderTest: Sendable, CustomStringConvertible {
    /// Hands a fresh, empty store to `body`, and clears up after it. Runs on the loop, as the store will.
    ///
    /// A cache hands over the store below it, too, so that tests can see whether both show the same; others hand over nil.
    public typealias Opening =
        @Sendable (
            _ loop: Loop, _ body: (_ store: any Store, _ base: (any Store)?) async throws -> Void
        ) async throws -> Void

    /// What it is called in the names of test cases.
    public let name: String
    let open: Opening

    /// Another store than those that there are.
    public init(_ name: String, open: @escaping Opening) {
        self.name = name
        self.open = open
    }

    /// Its name.
    public var description: String { name }

    /// All stores that Larder has, over some declarations: memory, PostgreSQL if the environment names one, and each behind a cache.
    ///
    /// To make tables takes long, so the schemas in PostgreSQL are emptied and used again, and are left when the process ends. What
    /// changes tables asks for ``withPostgres(_:options:connections:on:_:)``.
    ///
    /// - Parameters:
    ///   - tables: where those in PostgreSQL come from; nil for the declarations.
    ///   - views: those that the database computes.
    public static func all(
        over declarations: Declarations, tables: TestTables? = nil, views: [SQLView] = []
    ) -> [StoreUnderTest] {
        let schemas = SchemaPool(tables ?? .declared(declarations))
        let postgres = StoreUnderTest("PostgreSQL") { loop, body in
            try await schemas.withPool(on: loop) { pool, _ in
                try await body(SQLStore(pool, declarations.schemas, views: views), nil)
            }
        }
        let cachedPostgres = StoreUnderTest("PostgreSQL behind Redis") { loop, body in
            try await schemas.withPool(on: loop) { pool, configuration in
                let base = SQLStore(pool, declarations.schemas, views: views)
                try await withRedisCache(over: base, configuration, on: loop) { try await body($0, base) }
            }
        }
        return [memory, cachedMemory] + (TestServers.havePostgres ? [postgres] : [])
            + (TestServers.havePostgres && TestServers.haveRedis ? [cachedPostgres] : [])
    }

    private static let memory = StoreUnderTest("memory") { loop, body in
        try await body(InMemoryStore(MemoryDatabase(), now: { loop.now }), nil)
    }

    private static let cachedMemory = StoreUnderTest("memory behind a cache") { loop, body in
        let base = InMemoryStore(MemoryDatabase(), now: { loop.now })
        try await body(cachedInProcess(base, on: loop), base)
    }

    /// Runs `body` with a fresh store, as a task on a loop that nobody else uses meanwhile. It waits until one is free: a few tests
    /// run at a time.
    public func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
        try await LoopPool.shared.run { [open] loop in
            try await open(loop) { store, base in try await body(Bench(store, over: base, on: loop)) }
        }
    }
}
