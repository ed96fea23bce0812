import Domain
import EventLoop
import Model
import Testing

/// A store on its loop, with short forms for what tests ask of it.
final class Bench {
    let store: any Store
    /// The store over which this one is a cache; nil if it is none.
    let base: Bench?
    let loop: Loop
    let samples = Samples()

    init(_ store: any Store, over base: (any Store)? = nil, on loop: Loop) {
        self.store = store
        self.base = base.map { Bench($0, on: loop) }
        self.loop = loop
    }

    /// Far enough for any test.
    var deadline: UInt64 { loop.now + 60_000 }

    func write<Result>(_ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        try await store.write(deadline: deadline, body)
    }

    /// Expects that the transaction fails with `error`.
    func write(
        fails error: DomainError, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (UnitOfWork) async throws -> Void
    ) async {
        do {
            try await write(body)
            Issue.record("expected \(error)", sourceLocation: sourceLocation)
        } catch let failure {
            #expect(failure as? DomainError == error, "\(failure)", sourceLocation: sourceLocation)
        }
    }

    func find<E: Entity>(_ id: ID<E>, _ projection: Projection = .whole) async throws -> Reading {
        try await reading { try await store.repository(of: E.schema).find(id.value, projection, $0) }
    }

    func list(_ query: Query) async throws -> Reading {
        try await reading { try await store.repository(of: query.schema).list(query, $0) }
    }

    func count(_ filters: [Query.Filter], of schema: Schema) async throws -> Reading {
        try await reading { try await store.repository(of: schema).count(filters, $0) }
    }

    /// Expects so many rows.
    func expect<E: Entity>(
        _ count: Int64, of entity: E.Type, where filters: Query.Filter...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let reading = try await self.count(filters, of: E.schema)
        #expect(reading.text == text(Count(count)), sourceLocation: sourceLocation)
    }

    func view(_ view: View, of id: Value) async throws -> Reading {
        try await reading { try await store.repository(of: view.subject).view(view, of: id, $0) }
    }

    func summary(of id: ID<Customer>) async throws -> Reading { try await view(CustomerSummary.view, of: id.value) }
    func status(of id: ID<Application>) async throws -> Reading { try await view(ApplicationStatus.view, of: id.value) }
    func sales(of id: ID<Product>) async throws -> Reading { try await view(ProductSales.view, of: id.value) }

    private func reading(_ body: (ReadContext) async throws -> Encoded?) async throws -> Reading {
        let context = ReadContext(deadline: deadline)
        let encoded = try await body(context)
        return Reading(encoded, tags: Set(context.tags))
    }

    /// Runs all of `bodies` at once on the loop, and waits for them.
    ///
    /// - Returns: the errors of those that failed.
    func concurrently(_ bodies: [() async throws -> Void]) async -> [any Error] {
        var failures: [any Error] = []
        var left = bodies.count
        await withUnsafeContinuation { (done: UnsafeContinuation<Void, Never>) in
            for body in bodies {
                loop.spawn {
                    do { try await body() } catch { failures.append(error) }
                    left -= 1
                    if left == 0 { done.resume() }
                }
            }
        }
        return failures
    }
}

/// Swift Testing has tags too.
typealias Tag = Model.Tag

/// What a read returned, and on which tags it depends. A cache returns bytes alone, so bytes are what tests compare.
struct Reading: Equatable {
    /// The representation; nil if there was nothing.
    let text: String?
    let tags: Set<Tag>

    init(_ encoded: Encoded?, tags: Set<Tag> = []) {
        text = encoded.map { String(decoding: $0.bytes, as: UTF8.self) }
        self.tags = tags
    }
}

/// The text of a value's representation.
func text(_ value: some JSONEncodable) -> String { String(decoding: Encoded(value).bytes, as: UTF8.self) }
