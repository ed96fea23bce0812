import EventLoop
import LarderTesting
import Testing

@testable import Postgres

@Suite struct `Notifications` {
    @Test func `are heard while the connection is idle, by channel and payload`() async throws {
        try await TestDatabase.withConnection { listener in
            let channel = "test_\(UInt64.random(in: 0 ... .max))"
            let heard = Box([PostgresNotification]())
            listener.onNotification = { heard.value.append($0) }
            _ = try await listener.run(Statement(.unprepared("LISTEN \(channel)")))
            let speaker = try await PostgresConnection.connect(listener.configuration, on: listener.loop)
            for payload in ["one", "zwölf", ""] {
                _ = try await speaker.run(Statement("SELECT pg_notify($1, $2)", [channel, payload]))
            }
            try await listener.loop.wait { heard.value.count >= 3 }
            #expect(heard.value.map(\.payload) == ["one", "zwölf", ""])
            #expect(heard.value.allSatisfy { $0.channel == channel && $0.serverProcess == speaker.serverProcess })
            speaker.close()
        }
    }

    @Test func `are heard between the answers of a busy connection`() async throws {
        try await TestDatabase.withConnection { connection in
            let channel = "test_\(UInt64.random(in: 0 ... .max))"
            let heard = Box([String]())
            connection.onNotification = { heard.value.append($0.payload) }
            _ = try await connection.run(Statement(.unprepared("LISTEN \(channel)")))
            for number in 0..<20 {
                let notify = Statement("SELECT pg_notify($1, $2)", [channel, String(number)])
                #expect(try await connection.run([notify, Statement("SELECT 5")])[1].int64(0, 0) == 5)
            }
            try await connection.loop.wait { heard.value.count >= 20 }
            #expect(heard.value == (0..<20).map(String.init))
        }
    }

    @Test func `of the server's own accord go to the observer, not to standard error`() async throws {
        let warnings = try await onLoop { loop in
            let warnings = Box([String]())
            let connection = try await PostgresConnection.connect(TestDatabase.configuration(), on: loop) { event in
                if case .notice(_, "WARNING", _, let message) = event { warnings.value.append(message) }
            }
            _ = try await connection.run(Statement("DO $$ BEGIN RAISE WARNING 'watch out'; END $$"))
            connection.close()
            return warnings.value
        }
        #expect(warnings == ["watch out"])
    }
}
