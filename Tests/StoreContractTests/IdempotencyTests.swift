import EventLoop
import LarderTesting
import Model
import TestDomain
import Testing

@Suite struct `What is done once` {
    private struct Refused: Error {}

    private func key(_ name: String = "k", request: String = "r", lifetime: Int64 = 3600) -> IdempotencyKey {
        IdempotencyKey(name: name, request: request, lifetime: lifetime)
    }

    private func answer(_ body: String, request: String = "r") -> KeptAnswer {
        KeptAnswer(request: request, status: 201, fields: "ETag: \"x\"\r\n", body: body)
    }

    /// Inserts a row once, and answers with its id.
    private func insert(
        _ key: IdempotencyKey, _ bench: Bench, pause: UInt64 = 0
    ) async throws -> (answer: KeptAnswer, isReplayed: Bool) {
        try await bench.write { unit in
            try await unit.once(key) {
                let row = try await bench.samples.row(of: Depot.self, in: unit)
                if pause > 0 { await bench.loop.sleep(milliseconds: pause) }
                return answer("\(row.id) \u{1F956}\n", request: key.request)
            }
        }
    }

    /// A store may roll back what failed a moment after its error is known; until then the key is in use.
    private func whenFree<Result>(_ bench: Bench, _ body: () async throws -> Result) async throws -> Result {
        let start = bench.loop.now
        while true {
            do {
                return try await body()
            } catch DomainError.keyInUse where bench.loop.now < start + 30_000 {
                await bench.loop.sleep(milliseconds: 10)
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `is answered alike ever after`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let first = try await insert(key(), bench)
            #expect(!first.isReplayed)
            for _ in 0..<2 {
                let (answer, isReplayed) = try await insert(key(), bench)
                #expect(isReplayed && answer == first.answer)
            }
            try await bench.expect(1, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `is not done for another request with the same key`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            _ = try await insert(key(), bench)
            await #expect(throws: DomainError.keyReused) { _ = try await insert(key(request: "other"), bench) }
            #expect(try await insert(key(), bench).isReplayed)
            try await bench.expect(1, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `has nothing to do with another key`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            for name in ["a", "A", "a ", "'", "\\", String(repeating: "k", count: 255)] {
                #expect(try await !insert(key(name), bench).isReplayed)
            }
            try await bench.expect(6, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `is done by the next one when the first one fails`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            await #expect(throws: Refused.self) {
                try await bench.write { unit in
                    _ = try await unit.once(key()) {
                        _ = try await bench.samples.row(of: Depot.self, in: unit)
                        throw Refused()
                    }
                }
            }
            // It was done, and fails for something else.
            await #expect(throws: Refused.self) {
                try await whenFree(bench) {
                    try await bench.write { unit in
                        _ = try await unit.once(key()) { answer("") }
                        throw Refused()
                    }
                }
            }
            #expect(try await !whenFree(bench) { try await insert(key(), bench) }.isReplayed)
            try await bench.expect(1, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `is done once by many at the same time`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            var answers: Set<KeptAnswer> = []
            var first = 0
            let failures = await bench.concurrently(
                (0..<8).map { _ in
                    {
                        let (answer, isReplayed) = try await insert(key(), bench, pause: 20)
                        answers.insert(answer)
                        if !isReplayed { first += 1 }
                    }
                })
            // Whether the others wait or are told that it is being done is the store's.
            #expect(failures.allSatisfy { $0 as? DomainError == .keyInUse }, "\(failures)")
            #expect(first == 1)
            try await bench.expect(1, of: Depot.self)
            answers.insert(try await insert(key(), bench).answer)
            #expect(answers.count == 1)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `is done again when its time is over`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            _ = try await insert(key(), bench)
            await bench.loop.sleep(milliseconds: 5)
            #expect(try await !insert(key(request: "other", lifetime: 0), bench).isReplayed)
            #expect(try await insert(key(request: "other"), bench).isReplayed)
            try await bench.expect(2, of: Depot.self)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `is forgotten after its time, some with each that is new`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            let names = (0..<IdempotencyKey.dropsPerWrite + 4).map { "k\($0)" }
            for name in names { _ = try await insert(key(name), bench) }
            await bench.loop.sleep(milliseconds: 5)
            _ = try await insert(key("new", lifetime: 0), bench)
            var kept = 0
            for name in names {
                try? await bench.write { unit in
                    _ = try await unit.once(key(name)) { throw Refused() }
                    kept += 1
                }
            }
            #expect(kept == 4)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func `touches what its effect touches, and nothing the next time`(store: StoreUnderTest) async throws {
        try await store.run { bench in
            _ = try await insert(key(), bench)
            try await bench.write { unit in
                _ = try await unit.once(key()) { throw Refused() }
                #expect(unit.touched.isEmpty)
            }
        }
    }
}
