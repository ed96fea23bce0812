import HTTPServer

/// A response, taken apart as a client would.
struct Answer {
    let response: Response
    /// The header fields, by their names in lower case; several of one name are joined by a comma.
    let fields: [String: String]

    init(_ response: Response) {
        self.response = response
        var fields: [String: String] = [:]
        for line in String(decoding: response.fields.bytes, as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            fields.merge([parts[0].lowercased(): value]) { "\($0), \($1)" }
        }
        self.fields = fields
    }

    var status: Int { Int(response.status.code) }
    var text: String { String(decoding: response.body, as: UTF8.self) }
    var json: JSON { get throws { try JSON(response.body) } }

    subscript(field: String) -> String? { fields[field] }

    /// What a problem says of each part of the input: its detail, by the pointer.
    var problems: [String: String] {
        get throws {
            var details: [String: String] = [:]
            for error in try json["errors"]?.elements ?? [] {
                details[error["pointer"]?.text ?? "no pointer"] = error["detail"]?.text
            }
            return details
        }
    }

    /// The pointers of a problem, in their order.
    var pointers: [String] {
        get throws { try (json["errors"]?.elements ?? []).map { $0["pointer"]?.text ?? "no pointer" } }
    }
}
