import Domain
import EventLoop
import LarderTesting
import Model
import Testing

@testable import PostgresStore
@testable import larder

/// A view in SQL is the view as it is declared, byte for byte, and depends on the same.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Views in SQL` {
    @Test(arguments: 1...3)
    func `show what the computation over rows shows, and depend on what it reads`(seed: UInt64) async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.migrations(migrations), on: loop) { pool, _ in
                let bench = Bench(SQLStore(pool, declarations.schemas, views: sqlViews), on: loop)
                let portable = Bench(SQLStore(pool, declarations.schemas), on: loop)
                var writer = RandomWriter(declarations, bench, seed: seed)
                for _ in 0..<300 { _ = try await writer.write() }
                var compared = 0
                for view in declarations.views {
                    let query = Query(of: view.subject, limit: 1_000)
                    let ids = try await bench.store.repository(of: view.subject).ids(query, deadline: bench.deadline)
                    for id in ids + [unusedValue(of: declarations.entities.first { $0.schema == view.subject }!)] {
                        let expected = try await portable.view(view, of: id)
                        let reading = try await bench.view(view, of: id)
                        #expect(reading == expected, "\(view.name) of \(id)")
                        compared += 1
                    }
                }
                #expect(compared >= declarations.views.count)
            }
        }
    }

    @Test func `are of views that are declared`() {
        let known = sqlViews.map { "\($0.view.subject.resource)/\($0.view.name)" }
        #expect(Set(known).isSubset(of: declarations.views.map { "\($0.subject.resource)/\($0.name)" }))
    }
}
