import EventLoop
import LarderTesting
import Model
import TestDomain
import Testing

/// A read shows what was there at one moment, however many steps it takes, while others write.
@Suite struct `A read of several parts` {
    @Test(arguments: StoreUnderTest.all)
    func `never shows a shipment with half of its parts`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let yard = try await Yard(bench, crates: 2, stock: 1000)
            var query = Query(of: Shipment.schema)
            query.projection = Projection(parts: Shipment.schema.allParts.filter { Shipment.schema.parts[$0].name == "parts" })
            var newest: ID<Shipment>?
            try await read(
                bench,
                while: {
                    let shipment = try await yard.load([(0, 1), (1, 2)], bench)
                    newest = shipment.id
                    await bench.loop.sleep(milliseconds: 1)
                    try await bench.write { try await $0.delete(shipment) }
                },
                { _ = try await bench.find(try #require(newest), query.projection).text.map(expectWhole) },
                { expectWhole(try #require(try await bench.list(query).text)) })
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `never counts other rows than it shows`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var query = Query(of: Depot.schema)
            query.countsExactly = true
            let counted = query
            try await read(
                bench,
                while: {
                    let row = try await bench.write { try await bench.samples.row(of: Depot.self, in: $0) }
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
    func `never shows a view with a part of what it is computed of`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let yard = try await Yard(bench, crates: 1, stock: 1000)
            try await read(
                bench,
                while: {
                    let shipment = try await yard.load([(0, 1)], bench)
                    await bench.loop.sleep(milliseconds: 1)
                    try await bench.write { try await $0.delete(shipment) }
                },
                {
                    // The shipment and what it carries come and go together.
                    let load = try #require(try await bench.view(CarrierLoad.view, of: yard.carrier.id.value).text)
                    #expect(load.contains(#""shipments":0"#) == load.contains(#""depots":[]"#), "\(load)")
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

/// Expects each shipment on it to have both of its parts.
func expectWhole(_ shipments: String) {
    let (shown, parts) = (shipments.occurrences(of: #""parts":"#), shipments.occurrences(of: #""quantity":"#))
    #expect(parts == 2 * shown, "\(shipments)")
}

extension String {
    func occurrences(of text: String) -> Int { ranges(of: text).count }
}
