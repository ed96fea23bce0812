internal import HTTPServer

/// What clients may ask for with one method at one path, as an OpenAPI operation says it.
struct Operation {
    /// A name for programs, unique in the service.
    var id: String
    /// Under which heading it stands.
    var tag: String
    var summary: String
    var parameters: [JSONLiteral] = []
    /// The content that a request has to have, by its media types; empty for one that needs none.
    var content: [Content] = []
    /// What it answers when it does what was asked for, by status.
    var answers: [(status: Status, answer: JSONLiteral)]
    /// With what else it may answer, beside the problems of every request.
    var problems: [Status]

    typealias Content = (mediaType: String, schema: JSONLiteral, example: JSONLiteral)

    var json: JSONLiteral {
        var json: JSONLiteral = ["operationId": .string(id), "tags": [.string(tag)], "summary": .string(summary)]
        if !parameters.isEmpty { json = json.adding(["parameters": .array(parameters)]) }
        if !content.isEmpty {
            let types = content.map {
                JSONLiteral.Member(name: $0.mediaType, value: ["schema": $0.schema, "example": $0.example])
            }
            json = json.adding(["requestBody": ["required": true, "content": .object(types)]])
        }
        let problems = (problems + Problems.ofEveryRequest).sorted { $0.code < $1.code }
        let responses =
            answers.map { JSONLiteral.Member(name: String($0.status.code), value: $0.answer) }
            + problems.map { JSONLiteral.Member(name: String($0.code), value: Problems.reference($0)) }
        return json.adding(["responses": .object(responses)])
    }
}

/// A reference to a part that is described once.
func reference(_ section: String, _ name: String) -> JSONLiteral { ["$ref": "#/components/\(section)/\(name)"] }
