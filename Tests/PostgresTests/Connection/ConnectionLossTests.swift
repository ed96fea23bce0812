import EventLoop
import LarderTesting
import Testing

@testable import Postgres

@Suite struct `A connection that ends` {
    @Test func `fails what was sent with an unknown outcome, and what was not with a certain one`() async throws {
        try await TestDatabase.withConnection { connection in
            let loop = connection.loop
            let errors = Box([String: PostgresError]())
            func start(_ name: String, _ access: Access) {
                loop.spawn {
                    errors.value[name] = await postgresError {
                        try await connection.run(Statement("SELECT pg_sleep(2)"), access: access)
                    }
                }
            }
            start("write", .readWrite)
            start("read", .readOnly)
            await loop.sleep(milliseconds: 50)
            try await TestDatabase.terminate(connection.serverProcess, on: loop)
            try await loop.wait { errors.value.count >= 2 }
            #expect(errors.value["write"]?.kind == .connectionLost)
            #expect(errors.value["write"]?.sqlState == .adminShutdown)
            #expect(errors.value["write"]?.mayHaveCommitted == true)
            #expect(errors.value["write"]?.isRetriable == false)
            #expect(errors.value["read"]?.kind == .connectionLost)
            #expect(errors.value["read"]?.mayHaveCommitted == false)
            #expect(errors.value["read"]?.isRetriable == true)
            #expect(!connection.isOpen)

            let later = await postgresError { try await connection.run(Statement("SELECT 1")) }
            #expect(later?.kind == .connectionLost)
            #expect(later?.mayHaveCommitted == false)
        }
    }

    @Test func `is noticed while it is idle`() async throws {
        try await TestDatabase.withConnection { connection in
            let reasons = Box([PostgresError?]())
            connection.onEnd = { reasons.value.append($0) }
            try await TestDatabase.terminate(connection.serverProcess, on: connection.loop)
            try await connection.loop.wait { !connection.isOpen }
            #expect(reasons.value.count == 1)
            #expect(reasons.value[0]?.kind == .connectionLost)
            #expect(!connection.checkAlive())
        }
    }

    @Test func `by its owner says so`() async throws {
        try await TestDatabase.withConnection { connection in
            let ends = Box(0)
            connection.onEnd = { reason in if reason == nil { ends.value += 1 } }
            let error = Box<PostgresError?>(nil)
            connection.loop.spawn {
                error.value = await postgresError { try await connection.run(Statement("SELECT pg_sleep(2)")) }
            }
            await connection.loop.sleep(milliseconds: 20)
            connection.close()
            connection.close()
            await connection.loop.sleep(milliseconds: 1)
            #expect(error.value?.kind == .closed)
            #expect(error.value?.mayHaveCommitted == true)
            #expect(ends.value == 1)
        }
    }

    @Test func `when the network does is lost, with what came before it`() async throws {
        try await onLoop { loop in
            let proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
            let connection = try await PostgresConnection.connect(try proxy.configuration(), on: loop)
            #expect(try await connection.run(Statement("SELECT 1")).int64(0, 0) == 1)
            let error = Box<PostgresError?>(nil)
            loop.spawn {
                error.value = await postgresError { try await connection.run(Statement("SELECT pg_sleep(2)")) }
            }
            await loop.sleep(milliseconds: 20)
            proxy.cut()
            try await loop.wait { error.value != nil }
            #expect(error.value?.kind == .connectionLost)
            #expect(error.value?.mayHaveCommitted == true)
            proxy.close()
        }
    }
}
