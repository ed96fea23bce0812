public import Model

/// A release of an application that was brought to an environment, or is on its way there.
public struct Deployment: Entity {
    public typealias Key = Int64

    public enum Status: String, Choice {
        case pending, running, succeeded, failed
        case rolledBack = "rolled_back"
    }

    public var applicationID = ID<Application>(0)
    public var environment = ""
    public var release = ""
    public var status = Status.pending
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?

    public init() {}

    public static let resource = "deployments"
    public static let singular = "deployment"
    public static let fields: [Field<Deployment>] = [
        Field("application_id", \.applicationID, .references(Application.self)),
        Field("environment", \.environment, .length(1...100)),
        Field("release", \.release, .length(1...200)),
        Field("status", \.status, .hasDefault),
        Field("started_at", \.startedAt),
        Field("finished_at", \.finishedAt),
    ]
    public static let schema = Schema(of: Deployment.self)
}
