internal import Domain

/// The applications with what is deployed of them.
final class PostgresApplications: PostgresRepository<Application>, ApplicationRepository {
    private static let exists: SQL = "SELECT 1 FROM applications WHERE id = $1::bigint"
    /// Of each environment the newest deployment.
    private lazy var newest = SQL.pinned(
        """
        SELECT DISTINCT ON (environment) \(store.sql(of: Deployment.self).columns) FROM deployments \
        WHERE application_id = $1::bigint ORDER BY environment, id DESC
        """)

    func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: ApplicationStatus.tags(of: id))
        let parameters = [id.value.sqlText]
        let results = try await store.read(
            [Statement(Self.exists, parameters), Statement(newest, parameters)], deadline: context.deadline)
        guard results[0].rows == 1 else { return nil }
        return Encoded(
            ApplicationStatus(applicationID: id, deployments: try store.sql(of: Deployment.self).rows(results[1])))
    }
}
