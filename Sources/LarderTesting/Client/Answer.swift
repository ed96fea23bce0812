public import HTTPServer

/// A response, taken apart as a client would.
public struct Answer {
    /// As the service made it.
    public let response: Response
    /// The header fields, by their names in lower case; several of one name are joined by a comma.
    public let fields: [String: String]

    /// Takes it apart.
    public init(_ response: Response) {
        self.response = response
        var fields: [String: String] = [:]
        for line in String(decoding: response.fields.bytes, as: UTF8.self).split(separator: "\r\n") {
            let parts = line.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count == 2 ? String(parts[1]) : ""
            fields.merge([parts[0].lowercased(): value]) { "\($0), \($1)" }
        }
        self.fields = fields
    }

    /// The code of its status.
    public var status: Int { Int(response.status.code) }
    /// Its body.
    public var text: String { String(decoding: response.body, as: UTF8.self) }
    /// Its body, read; an error if that is no JSON.
    public var json: JSON { get throws { try JSON(response.body) } }

    /// A header field by its name in lower case; nil if there is none.
    public subscript(field: String) -> String? { fields[field] }

    /// What a problem says of each part of the input: its detail, by the pointer.
    public var problems: [String: String] {
        get throws {
            var details: [String: String] = [:]
            for error in try json["errors"]?.elements ?? [] {
                details[error["pointer"]?.text ?? "no pointer"] = error["detail"]?.text
            }
            return details
        }
    }

    /// The pointers of a problem, in their order.
    public var pointers: [String] {
        get throws { try (json["errors"]?.elements ?? []).map { $0["pointer"]?.text ?? "no pointer" } }
    }
}
