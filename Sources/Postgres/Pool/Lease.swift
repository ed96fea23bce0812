/// A connection in somebody's hands.
struct Lease {
    let id: PoolMachine.ConnectionID
    let connection: PostgresConnection
}
