internal import HTTPServer

/// What a client would like, if it can be had (RFC 7240).
enum Preference {
    /// `return=minimal`: to know that a write was made is enough. Of several `return` the first counts.
    static func isMinimal(_ request: Request) -> Bool {
        guard let list = request.header("prefer") else { return false }
        for preference in list.split(separator: ",") {
            let parts = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1).map { part in
                part.filter { $0 != " " && $0 != "\t" }
            }
            guard parts.first?.lowercased() == "return" else { continue }
            return parts.count == 2 && ["minimal", "\"minimal\""].contains(parts[1])
        }
        return false
    }
}
