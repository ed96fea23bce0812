public import EventLoop
public import Model

/// A store on its loop, with short forms for what tests ask of it.
public final class Bench {
    /// The store.
    public let store: any Store
    /// The store over which this one is a cache; nil if it is none.
    public let base: Bench?
    /// On which it runs.
    public let loop: Loop
    /// Makes values for its rows.
    package let samples = Samples()

    /// - Parameter base: the store over which `store` is a cache.
    public init(_ store: any Store, over base: (any Store)? = nil, on loop: Loop) {
        self.store = store
        self.base = base.map { Bench($0, on: loop) }
        self.loop = loop
    }

    /// Far enough for any test.
    public var deadline: UInt64 { loop.now + 60_000 }

    // MARK: Writes

    /// Runs a unit of work.
    public func write<Result>(_ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        try await store.write(deadline: deadline, body)
    }

    /// Runs a unit of work that has to fail with `error`.
    ///
    /// - Throws: ``Violation`` if it does not.
    public func write(fails error: DomainError, _ body: (UnitOfWork) async throws -> Void) async throws {
        do {
            try await write(body)
        } catch let failure as DomainError {
            return try LarderTesting.expect(failure, error, "the failure of a unit")
        }
        throw Violation(description: "a unit was committed, expected is \(error)")
    }

    /// Runs all of `bodies` at once on the loop, and waits for them.
    ///
    /// - Returns: the errors of those that failed.
    public func concurrently(_ bodies: [() async throws -> Void]) async -> [any Error] {
        var failures: [any Error] = []
        await loop.concurrently(bodies) { body in
            do { try await body() } catch { failures.append(error) }
        }
        return failures
    }

    // MARK: Reads

    /// A row, as a projection shows it.
    public func find<E: Entity>(_ id: ID<E>, _ projection: Projection = .whole) async throws -> Reading {
        try await reading { try await store.repository(of: E.schema).find(id.value, projection, $0) }
    }

    /// A page.
    public func list(_ query: Query) async throws -> Reading {
        try await reading { try await store.repository(of: query.schema).list(query, $0) }
    }

    /// How many rows fulfil the filters.
    public func count(_ filters: [Query.Filter], of schema: Schema) async throws -> Reading {
        try await reading { try await store.repository(of: schema).count(filters, $0) }
    }

    /// A view of the row with this id.
    public func view(_ view: View, of id: Value) async throws -> Reading {
        try await reading { try await store.repository(of: view.subject).view(view, of: id, $0) }
    }

    /// Expects so many rows.
    ///
    /// - Throws: ``Violation`` if there are more or fewer.
    public func expect<E: Entity>(_ count: Int64, of entity: E.Type, where filters: Query.Filter...) async throws {
        let reading = try await self.count(filters, of: E.schema)
        try LarderTesting.expect(reading.text, text(Count(count)), "how many \(E.resource) there are")
    }

    private func reading(_ body: (ReadContext) async throws -> Encoded?) async throws -> Reading {
        let context = ReadContext(deadline: deadline)
        return Reading(try await body(context), context)
    }
}

/// The text of a value's representation.
package func text(_ value: some JSONEncodable) -> String { String(decoding: Encoded(value).bytes, as: UTF8.self) }
