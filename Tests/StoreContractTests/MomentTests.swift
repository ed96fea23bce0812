import Domain
import EventLoop
import Model
import Testing

/// A read shows what was there at one moment, however many steps it takes, while others write.
@Suite struct `A read of several parts` {
    @Test(arguments: StoreUnderTest.all)
    func `never shows an order with half of its lines`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let shop = try await Shop(bench, products: 2, stock: 1000)
            var query = Query(of: Order.schema)
            query.projection = Projection(parts: Order.schema.allParts.filter { Order.schema.parts[$0].name == "lines" })
            var newest: ID<Order>?
            try await read(
                bench,
                while: {
                    let order = try await shop.place([(0, 1), (1, 2)], bench)
                    newest = order.id
                    await bench.loop.sleep(milliseconds: 1)
                    try await bench.write { try await $0.delete(order) }
                },
                { _ = try await bench.find(try #require(newest), query.projection).text.map(expectWhole) },
                { expectWhole(try #require(try await bench.list(query).text)) })
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `never counts other rows than it shows`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var query = Query(of: Category.schema)
            query.countsExactly = true
            let counted = query
            try await read(
                bench,
                while: {
                    let row = try await bench.write { try await bench.samples.row(of: Category.self, in: $0) }
                    await bench.loop.sleep(milliseconds: 1)
                    try await bench.write { try await $0.delete(row) }
                },
                {
                    let page = try #require(try await bench.list(counted).text)
                    let shown = page.occurrences(of: #""id":"#)
                    #expect(page.hasSuffix(#""count":\#(shown)}"#), "\(page)")
                })
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `never shows deployments of an application that is gone`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var newest: ID<Application>?
            try await read(
                bench,
                while: {
                    let deployment = try await bench.write { try await bench.samples.row(of: Deployment.self, in: $0) }
                    newest = deployment.applicationID
                    await bench.loop.sleep(milliseconds: 1)
                    try await bench.write { unit in
                        try await unit.delete(deployment)
                        try await unit.delete(try #require(try await unit.find(deployment.applicationID)))
                    }
                },
                {
                    // The application and its deployment come and go together.
                    let status = try await bench.status(of: try #require(newest)).text
                    #expect(status?.contains(#""environments":[]"#) != true)
                })
        }
    }

    /// Reads again and again, all `reads` at once, while rows come and go; each `round` begins and ends without them.
    private func read(
        _ bench: Bench, while round: @escaping () async throws -> Void, _ reads: (() async throws -> Void)...
    ) async throws {
        var isOver = false
        let rounds: () async throws -> Void = {
            defer { isOver = true }
            for _ in 0..<100 { try await round() }
        }
        try await round()
        let readers = (reads + reads).map { read -> () async throws -> Void in
            {
                while !isOver {
                    try await read()
                    await bench.loop.sleep(milliseconds: 0)
                }
            }
        }
        let failures = await bench.concurrently([rounds] + readers)
        #expect(failures.isEmpty, "\(failures)")
    }
}

/// Expects each order on it to have both of its lines.
func expectWhole(_ orders: String) {
    let (shown, lines) = (orders.occurrences(of: #""lines":"#), orders.occurrences(of: #""quantity":"#))
    #expect(lines == 2 * shown, "\(orders)")
}

extension String {
    func occurrences(of text: String) -> Int { ranges(of: text).count }
}
