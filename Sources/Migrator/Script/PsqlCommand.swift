/// A command of psql, such as `\i other.sql`: what begins with a backslash and is no SQL.
struct PsqlCommand {
    /// Without the backslash: `i`.
    let name: String

    /// Why it cannot be in a migration, and what to do instead.
    var reason: String { "\\\(name) is a command of psql and no SQL; \(advice)" }

    private var advice: String {
        switch name {
        case "restrict", "unrestrict":
            "pg_dump writes \\restrict and \\unrestrict for psql alone, so take both lines out"
        case "i", "ir", "include", "include_relative": "put the statements of that file in its place"
        case "copy": "write the rows as INSERT, or load them by `larder import`"
        case "c", "connect": "a migration runs in the database of DATABASE_URL, so take it out"
        case "gexec": "write the statements that it would make, or make them in a DO block"
        case "if", "elif", "else", "endif": "decide in a DO block"
        case "set", "gset", "prompt", "getenv": "there are no variables, so write their values"
        default: "take it out"
        }
    }
}
