internal import Model
internal import Postgres

/// What commands about many rows share.
enum Importing {
    /// Why a database did not do it, and what to do.
    static func explain(_ error: DomainError) -> String {
        switch error {
        case .unavailable: "The database cannot be reached, or its tables are missing: see larder migrate status."
        case .unwritable: "The database takes no writes, or has no room for them."
        case .deadlineExceeded: "The database did not answer in time; try again."
        case .contention, .overloaded: "Others were in the way; try again."
        default: "It was refused: \(error)."
        }
    }

    /// Why a row is refused; nil if it is not the row's fault.
    static func refusal(_ error: any Error) -> Importer.Refusal? {
        switch error {
        case DomainError.duplicate(let field): .init(reason: "another row has the same \(field)", isDuplicate: true)
        case DomainError.missingReference(let field, let resource): .init(reason: "\(field) names none of the \(resource)")
        case DomainError.invalid(let problems):
            .init(
                reason: problems.map { problem in
                    let field = problem.pointer.dropFirst()
                    return field.isEmpty ? "the database refuses it: it \(problem.detail)" : "\(field) \(problem.detail)"
                }.joined(separator: "; "))
        // A constraint or a trigger of the table that the declaration does not know: the database says which.
        case let error as PostgresError where ["22", "23", "P0"].contains(error.sqlState?.category):
            .init(reason: "the database refuses it: \(error.message)")
        default: nil
        }
    }
}
