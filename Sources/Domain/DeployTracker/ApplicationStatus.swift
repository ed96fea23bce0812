public import Model

/// Per environment the newest deployment of an application.
public struct ApplicationStatus: Record {
    public var applicationID = ID<Application>(0)
    /// By the names of their environments.
    public var environments: [Stored<Deployment>] = []

    public init() {}

    public static let fields: [Field<ApplicationStatus>] = [
        Field("application_id", \.applicationID, .references(Application.self))
    ]
    public static let lists = [RecordList<ApplicationStatus>("environments", \.environments)]

    /// `GET /v1/applications/{id}/status`.
    public static let view = View(
        "status", of: Application.self, "Per environment the newest deployment", as: ApplicationStatus.self
    ) { application, snapshot in
        var status = ApplicationStatus()
        status.applicationID = application.id
        // In the order of their ids, so that the newest of an environment comes last.
        let deployments = try await snapshot.list(
            Deployment.self, where: Deployment.filter(\.applicationID, application.id))
        let newest = deployments.reduce(into: [:]) { $0[ExactText($1.environment)] = $1 }
        status.environments = newest.values.sorted { $0.environment.utf8.lexicographicallyPrecedes($1.environment.utf8) }
        return status
    }
}
