internal import HTTPServer
internal import Model

/// The media types that the bodies of a method may have.
struct BodyTypes {
    static let json = "application/json"
    /// RFC 7396.
    static let mergePatch = "application/merge-patch+json"

    let names: [String]
    /// The field in which an answer lists them: that of PATCH is in RFC 5789 section 3.1, that of POST in section 7.1 of W3C's
    /// Linked Data Platform. The other methods have none.
    let field: StaticString?

    init(of method: RequestMethod) {
        names = method == .patch ? [Self.mergePatch, Self.json] : [Self.json]
        field =
            switch method {
            case .patch: "Accept-Patch"
            case .post: "Accept-Post"
            default: nil
            }
    }

    /// Whether a `Content-Type` is one of them, whatever its parameters.
    func contain(_ type: String) -> Bool {
        let essence = type.utf8.prefix { $0 != UInt8(ascii: ";") }
        guard essence.count <= Excerpt.maximumLength else { return false }
        return names.contains(Substring(essence).lowercased().filter { $0 != " " && $0 != "\t" })
    }
}
