internal import Domain

extension MemoryRepository: ApplicationRepository where E == Application {
    func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: ApplicationStatus.tags(of: id))
        let tables = database.tables
        guard tables.row(id) != nil else { return nil }
        // In the order of their ids, so that the newest of an environment comes last.
        var newest: [String: Stored<Deployment>] = [:]
        tables.table(of: Deployment.self).visit([Deployment.filter(ofApplication: id)]) { row in
            newest[row.stored.environment] = row.stored
            return true
        }
        let deployments = newest.values.sorted { $0.environment.utf8.lexicographicallyPrecedes($1.environment.utf8) }
        return Encoded(ApplicationStatus(applicationID: id, deployments: deployments))
    }
}
