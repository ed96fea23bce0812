import EventLoop
import LarderTesting
import MemoryStore
import Model
import Synchronization
import TestDomain
import Testing

/// What workers on several threads see of the rows that they share.
@Suite struct `A database in memory` {
    private static func store(_ database: MemoryDatabase, _ loop: Loop) -> InMemoryStore {
        InMemoryStore(database, now: { loop.now })
    }

    @Test func `is one for the stores of all threads`() async throws {
        let database = MemoryDatabase()
        let pool = LoopPool(limit: 4)
        let (from, to) = try await Self.makeAccounts(database, pool)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<4 {
                group.addTask {
                    try await pool.run { loop in
                        let bench = Bench(Self.store(database, loop), on: loop)
                        for _ in 0..<100 {
                            if worker < 2 {
                                try await Self.move(from, to, bench)
                            } else {
                                // Half a transfer would be seen as another sum.
                                let reading = try await bench.list(Query(of: Crate.schema))
                                #expect(Self.sumOfStock(in: try #require(reading.text)) == 1000)
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await pool.run { loop in
            let bench = Bench(Self.store(database, loop), on: loop)
            let rows = try await bench.write { try await $0.find([from, to] as Set) }
            #expect(rows.map(\.stock) == [800, 200])
            #expect(rows.map(\.version) == [201, 201])
        }
    }

    @Test func `shows a shipment with its parts or not at all while another thread removes it`() async throws {
        let database = MemoryDatabase()
        let pool = LoopPool(limit: 3)
        let writing = Flag()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await pool.run { loop in
                    defer { writing.isOver.store(true, ordering: .relaxed) }
                    let bench = Bench(Self.store(database, loop), on: loop)
                    let yard = try await Yard(bench, crates: 2, stock: 10_000)
                    for _ in 0..<500 {
                        let shipment = try await yard.load([(0, 1), (1, 1)], bench)
                        try await bench.write { try await $0.delete(shipment) }
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    try await pool.run { loop in
                        let bench = Bench(Self.store(database, loop), on: loop)
                        var query = Query(of: Shipment.schema)
                        query.projection = Projection(parts: Shipment.schema.allParts)
                        while !writing.isOver.load(ordering: .relaxed) {
                            expectWhole(try #require(try await bench.list(query).text))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `lets writers in by turn, and refuses those for whom there is no place in the line`() async throws {
        try await LoopPool.shared.run { loop in
            let store = Self.store(MemoryDatabase(maximumWaitingWriters: 3), loop)
            var order: [Int] = []
            var refused: [Int] = []
            let bench = Bench(store, on: loop)
            let failures = await bench.concurrently(
                (0..<6).map { number in
                    {
                        do {
                            try await bench.write { _ in
                                order.append(number)
                                await loop.sleep(milliseconds: 2)
                            }
                        } catch DomainError.overloaded(let seconds) {
                            #expect(seconds > 0)
                            refused.append(number)
                        }
                    }
                })
            #expect(failures.isEmpty)
            #expect(order == [0, 1, 2, 3])
            #expect(refused == [4, 5])
            // Those who left made room.
            try await bench.write { _ in order.append(7) }
            #expect(order.last == 7)
        }
    }

    @Test func `does not begin what became too late while it waited`() async throws {
        try await LoopPool.shared.run { loop in
            let bench = Bench(Self.store(MemoryDatabase(), loop), on: loop)
            var done: [String] = []
            let failures = await bench.concurrently([
                {
                    try await bench.write { _ in
                        await loop.sleep(milliseconds: 20)
                        done.append("slow")
                    }
                },
                { try await bench.store.write(deadline: loop.now + 5) { _ in done.append("late") } },
                { try await bench.write { _ in done.append("patient") } },
            ])
            #expect(done == ["slow", "patient"])
            #expect(failures as? [DomainError] == [.deadlineExceeded])
        }
    }

    @Test func `lets the next writer in after one that failed`() async throws {
        try await LoopPool.shared.run { loop in
            let bench = Bench(Self.store(MemoryDatabase(), loop), on: loop)
            try await bench.write(fails: .preconditionFailed) { _ in throw DomainError.preconditionFailed }
            try await bench.write { _ = try await bench.samples.row(of: Depot.self, in: $0) }
            try await bench.expect(1, of: Depot.self)
        }
    }

    /// As many lines as the sample data has. Were one of the steps linear in the rows that are there, this would take
    /// hours.
    @Test(.timeLimit(.minutes(5))) func `takes an import of 50,000 lines`() async throws {
        // A loop of its own, because to wait for a free one would count.
        try await LoopPool(limit: 1).run { loop in
            let bench = Bench(Self.store(MemoryDatabase(), loop), on: loop)
            let yard = try await Yard(bench, crates: 10)
            for batch in 0..<10 {
                try await bench.write { unit in
                    let ids = (1...1000).map { ID<Shipment>(Int64(batch * 1000 + $0)) }
                    var shipment = Shipment()
                    shipment.carrierID = yard.carrier.id
                    try await unit.upsert(ids.map { (id: $0, value: shipment) })
                    for part in 1...5 {
                        try await unit.upsert(parts: ids.map { shippedPart($0, Int64(part), yard.crates[part].id, 1) })
                    }
                }
            }
            try await bench.expect(10_000, of: Shipment.self)
        }
    }

    private static func makeAccounts(
        _ database: MemoryDatabase, _ pool: LoopPool
    ) async throws -> (ID<Crate>, ID<Crate>) {
        try await pool.run { loop in
            let bench = Bench(store(database, loop), on: loop)
            let yard = try await Yard(bench, crates: 1, stock: 1000)
            let other = try await Yard(bench, crates: 1, stock: 0)
            #expect(yard.crates[0].id == ID(1))
            #expect(other.crates[0].id == ID(2))
        }
        return (ID(1), ID(2))
    }

    private static func move(_ from: ID<Crate>, _ to: ID<Crate>, _ bench: Bench) async throws {
        try await bench.write { unit in
            let rows = try await unit.find([from, to] as Set)
            var values = rows.map(\.value)
            values[0].stock -= 1
            values[1].stock += 1
            _ = try await unit.update(Array(zip(rows, values)).map { (row: $0, value: $1) })
        }
    }

    private static func sumOfStock(in page: String) -> Int {
        page.split(separator: #""stock":"#).dropFirst().map { Int($0.prefix { $0.isNumber }) ?? 0 }.reduce(0, +)
    }
}

private final class Flag: Sendable {
    let isOver = Atomic(false)
}
