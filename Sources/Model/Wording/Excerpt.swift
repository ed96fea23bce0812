extension StringProtocol {
    /// What of an input is shown in an error: all of it if it is short, else its beginning with `…` behind. Control characters,
    /// which could write anything onto a terminal or into a log, become U+FFFD.
    ///
    /// Every error that repeats what somebody sent has it from here, so that no input makes an answer that is as long as itself.
    public var excerpt: String {
        var excerpt = ""
        for (index, scalar) in unicodeScalars.prefix(Excerpt.maximumLength + 1).enumerated() {
            guard index < Excerpt.maximumLength else { return excerpt + "…" }
            excerpt.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        return excerpt
    }
}

/// How much of an input is shown in an error.
public enum Excerpt {
    /// In characters (Unicode scalars): more than any name that is declared has.
    public static let maximumLength = 64
}
