internal import Model
public import Postgres

// SQLSTATE and names of constraints become errors of the domain here and nowhere else.
extension PostgresError {
    /// What it means for whoever asked; nil if it is nobody's fault but ours.
    var domainError: DomainError? {
        switch kind {
        case .unreachable, .connectionLost, .closed: return .unavailable(retryAfterSeconds: 1)
        case .poolExhausted: return .overloaded(retryAfterSeconds: 1)
        case .deadlineExceeded: return .deadlineExceeded
        default: break
        }
        switch sqlState {
        case .serializationFailure, .deadlockDetected, .lockNotAvailable: return .contention
        case .adminShutdown, .crashShutdown, .cannotConnectNow, .idleInTransactionTimeout:
            return .unavailable(retryAfterSeconds: 1)
        case .undefinedTable, .undefinedColumn:  // the migrations have not run yet
            return .unavailable(retryAfterSeconds: 5)
        // `temp_file_limit` bounds what a statement may take as `statement_timeout` does, and trying again is as useless.
        case .queryCanceled, .configurationLimitExceeded: return .deadlineExceeded
        default: return isServersOwnFault ? .unwritable(retryAfterSeconds: 5) : nil
        }
    }

    /// Why the database cannot be used, for those who need not know where it is.
    public var obstacle: String {
        switch sqlState {
        case .readOnlyTransaction: "the database takes no writes"
        case .diskFull: "the database's disk is full"
        case .outOfMemory: "the database is out of memory"
        case .tooManyConnections: "the database has no connection left"
        default: isServersOwnFault ? "the database refuses to write" : "the database cannot be reached"
        }
    }

    /// The constraint that a statement broke, by PostgreSQL's own pattern of names.
    ///
    /// - Parameter resource: to which resource the rows of a table belong.
    func constraintError(writing written: Written, resource: (_ table: String) -> String) -> DomainError? {
        guard let constraint, let table else { return nil }
        func column(_ suffix: String) -> Column? {
            let field = Self.field(of: constraint, on: table, suffix)
            return table == written.table ? written.columns.first { $0.name == field } : nil
        }
        switch sqlState {
        case .uniqueViolation:
            // The id that a sequence gave was imported at this moment: the next one will do.
            if constraint == "\(table)_pkey" { return .contention }
            return Self.field(of: constraint, on: table, "key").map { .duplicate(field: $0) }
        case .foreignKeyViolation:
            // The table is the one that refers: the one that was written, or another that still refers to it.
            if table != written.table { return .stillReferenced(by: resource(table)) }
            return column("fkey").flatMap { column in
                column.rules.references.map { .missingReference(field: column.name, resource: $0) }
            }
        case .checkViolation:
            // The declarations say the same, so it is a rule that the database has beside them; or an old value was not mended.
            let detail = "breaks the rule \"\(constraint)\" of the database"
            let problem = column("check").map { FieldProblem(field: $0.name, detail) }
            return .invalid([problem ?? FieldProblem(pointer: "", detail: detail)])
        default:
            return nil
        }
    }

    /// `title` of `products_title_key`.
    private static func field(of constraint: String, on table: String, _ suffix: String) -> String? {
        guard constraint.hasPrefix(table + "_"), constraint.hasSuffix("_" + suffix) else { return nil }
        return String(constraint.dropFirst(table.count + 1).dropLast(suffix.count + 1))
    }
}

/// What a statement writes to: a resource's table, or that of what its rows own.
struct Written {
    let table: String
    /// Those that are given with a row.
    let columns: [Column]
}
