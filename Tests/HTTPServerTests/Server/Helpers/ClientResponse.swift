/// A response as a client sees it.
struct ClientResponse: Equatable {
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    /// The first response in `bytes` and the bytes it takes, or nil while it is not complete.
    static func parse(_ bytes: [UInt8], hasBody: Bool) -> (ClientResponse, Int)? {
        guard let headEnd = headEnd(bytes) else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        guard let line = lines.first, line.hasPrefix("HTTP/1.1 "), let status = Int(line.dropFirst(9).prefix(3)) else {
            return nil
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].lowercased()
            let value = String(line[colon...].dropFirst().drop { $0 == " " })
            headers[name] = headers[name].map { $0 + ", " + value } ?? value
        }
        let hasContent = hasBody && status >= 200 && status != 204 && status != 304
        let length = hasContent ? headers["content-length"].flatMap { Int($0) } ?? 0 : 0
        guard bytes.count >= headEnd + length else { return nil }
        let body = String(decoding: bytes[headEnd..<headEnd + length], as: UTF8.self)
        return (ClientResponse(status: status, headers: headers, body: body), headEnd + length)
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for start in 0...bytes.count - 4 where bytes[start] == 13 && bytes[start + 2] == 13 {
            if bytes[start + 1] == 10 && bytes[start + 3] == 10 { return start + 4 }
        }
        return nil
    }
}
