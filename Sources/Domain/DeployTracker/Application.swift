public import Model

/// A program that is deployed.
public struct Application: Entity {
    public typealias Key = Int64

    public enum Status: String, Choice {
        case active, archived
    }

    public var name = ""
    public var repositoryURL: String?
    public var owner = ""
    public var status = Status.active

    public init() {}

    public static let resource = "applications"
    public static let singular = "application"
    public static let fields: [Field<Application>] = [
        Field("name", \.name, .length(1...100), .unique),
        Field("repository_url", \.repositoryURL, .length(1...2_000)),
        Field("owner", \.owner, .length(1...100), .indexed),
        Field("status", \.status, .hasDefault),
    ]
    public static let schema = Schema(of: Application.self)
}
