internal import Domain
internal import Model
internal import PostgresStore

extension ApplicationStatus {
    /// The status from an index that has the newest deployment of each environment.
    static let sql = SQLView(
        view, of: Application.self, as: ApplicationStatus.self, computedFrom: Deployment.self,
        "SELECT 1 FROM applications WHERE id = $1::bigint",
        """
        SELECT DISTINCT ON (environment) \(SQLRows.columns(of: Deployment.self)) FROM deployments \
        WHERE application_id = $1::bigint ORDER BY environment, id DESC
        """
    ) { application, results, context in
        guard results[0].count == 1 else { return nil }
        context.depend(on: Deployment.schema.tags(selectedBy: [Deployment.filter(\.applicationID, application)]))
        var status = ApplicationStatus()
        status.applicationID = application
        status.environments = try results[1].rows(of: Deployment.self)
        return status
    }
}
