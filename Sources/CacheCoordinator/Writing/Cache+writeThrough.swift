internal import Model

extension Cache {
    /// How many rows of a transaction are stored at most: those of a batch or an import are not about to be read one by one.
    private static let maximumRows = 8

    /// Stores rows as a transaction has committed them, each where it was alone on the row's tag. Nobody waits for it.
    func writeThrough(_ rows: [UnitOfWork.WrittenRow], by id: UInt64) {
        guard !rows.isEmpty, rows.count <= Self.maximumRows, backend.keyspace != nil else { return }
        let time = now()
        let values = rows.map { written -> WrittenValue in
            let (schema, row) = (written.schema, written.row)
            let projection = Projection()
            let tag = schema.tag(of: row.id)
            let key = tag.name + projection.key(of: schema)
            let token = VersionToken.random()
            let lifetime = policy.lifetime(of: schema.resource)
            let entry = Entry(
                Encoded.row(parts: nil) { $0.members(of: row, schema, projection) }, tags: [tag], tokens: [token],
                expires: time + Int64(lifetime), validated: time)
            return WrittenValue(tag: tag, token: token, key: key, bytes: entry.bytes(under: key), lifetime: lifetime)
        }
        backend.writeThrough(values, by: id)
    }
}
