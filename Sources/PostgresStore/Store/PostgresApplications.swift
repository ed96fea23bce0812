internal import Domain

/// The applications with what is deployed of them.
final class PostgresApplications: PostgresRepository<Application>, ApplicationRepository {
    func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded? {
        context.depend(on: ApplicationStatus.tags(of: id))
        let deployments = store.sql(of: Deployment.self)
        let results = try await store.read(
            [
                Statement("SELECT 1 FROM applications WHERE id = $1::bigint", [id.value.sqlText]),
                Statement(
                    SQL(
                        """
                        SELECT DISTINCT ON (environment) \(deployments.columns) FROM deployments \
                        WHERE application_id = $1::bigint ORDER BY environment, id DESC
                        """), [id.value.sqlText]),
            ], deadline: context.deadline)
        guard results[0].rows == 1 else { return nil }
        return Encoded(ApplicationStatus(applicationID: id, deployments: try deployments.rows(results[1])))
    }
}
