import Model
import Testing

@testable import Postgres
@testable import PostgresStore

@Suite struct `A database that cannot write` {
    @Test(arguments: [SQLState.readOnlyTransaction, .diskFull, .outOfMemory, .ioError])
    func `is to be asked again later`(_ code: SQLState) {
        #expect(PostgresError(.server, sqlState: code, "no").domainError == .unwritable(retryAfterSeconds: 5))
    }

    @Test func `says of a statement that needs more than it may have that it is one that takes too long`() {
        #expect(PostgresError(.server, sqlState: "53400", "no").domainError == .deadlineExceeded)
    }

    @Test func `says what is in the way`() {
        func obstacle(_ code: SQLState) -> String { PostgresError(.server, sqlState: code, "no").obstacle }
        #expect(obstacle(.readOnlyTransaction) == "the database takes no writes")
        #expect(obstacle(.diskFull) == "the database's disk is full")
        #expect(obstacle(.ioError) == "the database refuses to write")
        #expect(obstacle(.uniqueViolation) == "the database cannot be reached")
    }
}
