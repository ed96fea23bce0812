/// Applications, and what of them is deployed where.
public protocol ApplicationRepository: Repository where E == Application {
    /// - Returns: an ``ApplicationStatus``; nil if there is no such application.
    func status(of id: ID<Application>, _ context: ReadContext) async throws -> Encoded?
}

/// Per environment the newest deployment of an application.
public struct ApplicationStatus: Sendable, JSONEncodable {
    public var applicationID: ID<Application>
    /// By the names of their environments.
    public var deployments: [Stored<Deployment>]

    public init(applicationID: ID<Application>, deployments: [Stored<Deployment>]) {
        self.applicationID = applicationID
        self.deployments = deployments
    }

    /// What the status of an application depends on.
    public static func tags(of application: ID<Application>) -> [Tag] {
        [Application.tag(of: application)] + Deployment.tags(selectedBy: [Deployment.filter(ofApplication: application)])
    }

    public func encode(to json: inout JSONWriter) {
        json.object { json in
            json.key("application_id")
            json.value(applicationID.value)
            json.key("environments")
            json.array { json in
                for deployment in deployments { deployment.encode(to: &json) }
            }
        }
    }
}
