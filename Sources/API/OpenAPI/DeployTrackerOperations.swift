internal import Domain
internal import HTTPServer

/// What applications have beside the operations of every resource.
enum DeployTrackerOperations {
    static func describe(in catalog: inout OperationCatalog) {
        let example = ResourceSchemas<Deployment>.rowExample
        catalog[.get, "/v1/applications/{id}/status"] = Operation(
            id: "findApplicationStatus", tag: Application.resource, summary: "Per environment the newest deployment",
            parameters: [Parameters.id(of: Application.self)] + Parameters.ofReads,
            answers: [
                (
                    .ok,
                    Answers.representation(
                        "The newest deployments, by the names of their environments.", status,
                        example: ["application_id": 1, "environments": [example]])
                ), (.notModified, Answers.notModified),
            ], problems: [.notFound] + Problems.ofReads)
    }

    private static var status: JSONLiteral {
        [
            "type": "object", "required": ["application_id", "environments"],
            "properties": [
                "application_id": JSONSchema.of(.integer),
                "environments": ["type": "array", "items": ResourceSchemas<Deployment>.row],
            ],
        ]
    }
}
