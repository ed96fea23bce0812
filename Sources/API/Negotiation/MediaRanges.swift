internal import HTTPServer

/// `Accept` (RFC 9110, section 12.5.1), as far as it matters to a service that speaks JSON.
enum MediaRanges {
    /// Refuses a request whose client would not take JSON. What has no content can be taken by everybody.
    ///
    /// - Throws: the problem, 406.
    static func demandJSON(in request: Request) throws(Problem) {
        if request.withHeader("accept", acceptJSON) == false, request.method != .delete {
            throw .notAcceptable
        }
    }

    /// Whether a list of media ranges lets `application/json` in: the most specific range that matches decides, and of
    /// several the one with the highest weight.
    ///
    /// Ranges that are malformed are ignored, and so are parameters other than the weight: JSON has none that mean anything.
    /// A list without a range lets everything in.
    static func acceptJSON(_ value: Span<UInt8>) -> Bool {
        var hasRange = false
        var best = (specificity: 0, weight: 0)
        var ranges = FieldParts(listIn: value)
        while let range = ranges.next(in: value) {
            var parts = FieldParts(parametersIn: range)
            guard let type = parts.next(in: value), value.firstIndex(of: UInt8(ascii: "/"), in: type) != nil,
                let weight = value.weight(of: &parts)
            else { continue }
            hasRange = true
            let specificity = specificity(of: type, in: value)
            if specificity > 0, (specificity, weight) > best { best = (specificity, weight) }
        }
        return !hasRange || best.weight > 0
    }

    /// How closely a media range names `application/json`; 0 if it does not.
    private static func specificity(of type: Range<Int>, in value: Span<UInt8>) -> Int {
        if value.equals("application/json", in: type) { return 3 }
        if value.equals("application/*", in: type) { return 2 }
        return value.equals("*/*", in: type) ? 1 : 0
    }
}
