internal import HTTPServer
internal import Model

extension Coding {
    /// The coding that the client of a request prefers.
    init(for request: Request) {
        self = request.withHeader("accept-encoding") { Coding(acceptEncoding: $0) } ?? .identity
    }

    /// `Accept-Encoding` (RFC 9110, section 12.5.3): gzip if it is let in, and not less welcome than no coding at all.
    /// Elements that are malformed are ignored.
    init(acceptEncoding value: Span<UInt8>) {
        var gzip: Int?
        var identity: Int?
        var any: Int?
        var codings = FieldParts(listIn: value)
        while let coding = codings.next(in: value) {
            var parts = FieldParts(parametersIn: coding)
            guard let name = parts.next(in: value), let weight = value.weight(of: &parts) else { continue }
            if value.equals("gzip", in: name) || value.equals("x-gzip", in: name) {
                gzip = max(gzip ?? 0, weight)
            } else if value.equals("identity", in: name) {
                identity = weight
            } else if value.equals("*", in: name) {
                any = weight
            }
        }
        let weight = gzip ?? any ?? 0
        self = weight > 0 && weight >= identity ?? 0 ? .gzip : .identity
    }
}
