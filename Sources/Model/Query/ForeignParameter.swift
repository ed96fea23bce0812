/// Parameters that other APIs have, and what to write here instead.
enum ForeignParameter {
    /// A clause that says what to write instead; nil if nobody calls a parameter so.
    static func instead(of name: String) -> String? {
        guard name.utf8.count <= Excerpt.maximumLength else { return nil }
        let plain = name.lowercased().filter { $0 != "_" && $0 != "-" }
        switch plain {
        case "offset", "skip", "page", "start", "from", "after", "before", "next", "pagetoken", "startingafter":
            return "lists are paged by cursor, which is the \"next\" of the page before"
        case "perpage", "pagesize", "size", "top", "take", "first", "max", "maxresults": return NearName.meant("limit")
        case "order", "orderby", "sortby", "ordering": return NearName.meant("sort")
        case "expand", "embed", "with", "populate": return NearName.meant("include")
        case "select", "only", "columns": return NearName.meant("fields")
        case "total", "withcount", "includetotal": return NearName.meant("count=exact")
        default: return nil
        }
    }

    /// What is said of a parameter that is unknown where these are known.
    static func problem(of name: String, _ known: [String]) -> String {
        "is unknown here" + NearName.suffix(for: name, among: known)
    }
}
