internal import HTTPServer
internal import Model

extension Response {
    /// A representation with its validator; 304 without it if the client has it already (RFC 9110, section 13.1.2).
    ///
    /// - Parameter type: its media type, if it is not JSON.
    init(
        _ encoded: Encoded, to request: Request, _ context: ReadContext, type: String? = nil
    ) {
        let isKnown = request.withHeader("if-none-match") { EntityTags.weaklyMatch(encoded.tag, $0) } ?? false
        let gzip = context.coding == .gzip ? encoded.with(.gzip).gzip : nil
        self.init(isKnown ? .notModified : .ok, body: isKnown ? [] : gzip ?? encoded.bytes)
        if !isKnown {
            if let type {
                fields.append("Content-Type", type)
            } else {
                fields.append(lines: "Content-Type: application/json\r\n")
            }
            if gzip != nil { fields.append(lines: "Content-Encoding: gzip\r\n") }
        }
        fields.append("ETag", encoded.tag, gzip == nil ? .identity : .gzip)
        fields.append(lines: "Cache-Control: private, no-cache\r\n")
        if context.coding != nil { fields.append(lines: "Vary: Accept-Encoding\r\n") }
        if let outcome = context.outcome { fields.append(outcome) }
        if let next = encoded.next {
            fields.append("Link", "<\(request.path)?\(Self.query(of: request, cursor: next))>; rel=\"next\"")
        }
    }

    /// The query of the page after this one: that of this page, with another cursor.
    private static func query(of request: Request, cursor: String) -> String {
        // Each part beside its decoded name; they were read once already, so they can be.
        let others = zip(request.query.utf8.split(separator: UInt8(ascii: "&")), (try? request.queryItems()) ?? [])
            .filter { !$1.name.utf8.elementsEqual("cursor".utf8) }.map { String(Substring($0.0)) }
        return (others + ["cursor=\(cursor)"]).joined(separator: "&")
    }
}

extension FieldBlock {
    mutating func append(_ name: StaticString, _ tag: EntityTag, _ coding: Coding = .identity) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: EntityTags.longest) { buffer in
            append(name, UnsafeMutableBufferPointer(rebasing: buffer[..<EntityTags.write(tag, coding, to: buffer)]).span)
        }
    }

    /// `Cache-Status` (RFC 9211).
    mutating func append(_ outcome: CacheOutcome) {
        switch outcome {
        case .hit(let seconds): append("Cache-Status", "larder; hit; ttl=", decimal: seconds)
        case .unverified(let seconds):
            append("Cache-Status", "larder; hit; ttl=\(seconds); detail=\(seconds < 0 ? "stale-if-error" : "unverified")")
        case .stored: append("Cache-Status", "larder; fwd=uri-miss; stored")
        case .collapsed: append("Cache-Status", "larder; fwd=miss; collapsed")
        case .request: append("Cache-Status", "larder; fwd=request")
        case .bypass(.writeInFlight): append("Cache-Status", "larder; fwd=bypass; detail=write-in-flight")
        case .bypass(.unreachable): append("Cache-Status", "larder; fwd=bypass; detail=cache-unreachable")
        case .bypass(.closed): append("Cache-Status", "larder; fwd=bypass; detail=closed")
        case .bypass(.changing): append("Cache-Status", "larder; fwd=bypass; detail=changing")
        }
    }
}
