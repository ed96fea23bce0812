internal import HTTPServer
internal import Model

extension Response {
    /// What a write made; or that it was made, for a client that prefers so.
    ///
    /// - Parameters:
    ///   - status: 201, or 200, which is 204 without the representation.
    ///   - location: where the row is that was created.
    init(wrote encoded: Encoded, _ status: Status, at location: String? = nil, to request: Request) {
        let isMinimal = Preference.isMinimal(request)
        self.init(isMinimal && status == .ok ? .noContent : status, body: isMinimal ? [] : encoded.bytes)
        if !isMinimal {
            fields.append("Content-Type", "application/json")
        } else if self.status != .noContent {
            fields.append("Content-Type", "application/octet-stream")  // so that nobody reads nothing as JSON
        }
        fields.append("ETag", encoded.tag)
        fields.append("Cache-Control", "no-store")
        if let location { fields.append("Location", location) }
        if isMinimal { fields.append("Preference-Applied", "return=minimal") }
    }

    /// What a write that leaves nothing behind answers.
    static var noContent: Response {
        var response = Response(.noContent)
        response.fields.append("Cache-Control", "no-store")
        return response
    }
}
