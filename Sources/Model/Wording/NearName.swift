/// Finds the name that was probably meant by one that is unknown: of a field, a parameter, a resource, a command, a setting.
public enum NearName {
    /// The nearest of `names`; nil if none is near.
    ///
    /// Near is what one edit makes of it, from ten characters on two: a character more, less or another, or two neighbours
    /// that change places (the restricted Damerau-Levenshtein distance). Case means nothing, and a reference may lack its
    /// `_id`. Of several that are as near the first counts.
    public static func of(_ name: some StringProtocol, among names: some Sequence<String>) -> String? {
        nearest(to: name, among: names).first
    }

    /// All of `names` that are as near as the nearest one, in their order; empty if none is near.
    public static func nearest(to name: some StringProtocol, among names: some Sequence<String>) -> [String] {
        guard let given = characters(name), given.count > 1 else { return [] }
        var nearest: [String] = []
        var limit = given.count < 10 ? 1 : 2
        for candidate in names {
            guard let other = characters(candidate) else { continue }
            let distance = other == given + reference ? 1 : distance(given, other, within: limit)
            guard distance <= limit else { continue }
            if distance < limit { nearest = [] }
            limit = distance
            nearest.append(candidate)
        }
        return nearest
    }

    /// A clause for the error about an unknown name: which one was probably meant, or all that there are.
    ///
    /// - Parameters:
    ///   - introduction: what the list of all begins with, as in `they have`.
    ///   - none: what is said instead if there are no names.
    public static func hint(
        for name: some StringProtocol, among names: [String], _ introduction: String, none: String = "there is none"
    ) -> String {
        if let near = of(name, among: names) { return meant(near) }
        return names.isEmpty ? none : "\(introduction) \(names.joined(separator: ", "))"
    }

    /// The same behind a semicolon, to be put behind an error; empty if no name is near.
    public static func suffix(for name: some StringProtocol, among names: some Sequence<String>) -> String {
        of(name, among: names).map { "; \(meant($0))" } ?? ""
    }

    /// A clause that says which name was probably meant.
    public static func meant(_ name: String) -> String { "perhaps \(name) is meant" }

    private static let reference = Array("_id".unicodeScalars)

    /// Nil for what is longer than any name of ours.
    private static func characters(_ name: some StringProtocol) -> [Unicode.Scalar]? {
        let scalars = Array(name.unicodeScalars.prefix(Excerpt.maximumLength + 1))
        guard scalars.count <= Excerpt.maximumLength else { return nil }
        return scalars.map { "A"..."Z" ~= $0 ? Unicode.Scalar($0.value + 32)! : $0 }  // a capital has a small letter
    }

    /// The optimal string alignment distance, row by row; more than `limit` if it cannot be within that.
    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], within limit: Int) -> Int {
        guard abs(a.count - b.count) <= limit else { return limit + 1 }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
