internal import Domain

/// What commands about many rows share.
enum Importing {
    /// Why a database did not do it, and what to do.
    static func explain(_ error: DomainError) -> String {
        switch error {
        case .unavailable: "The database cannot be reached, or its tables are missing: see larder migrate status."
        case .deadlineExceeded: "The database did not answer in time; try again."
        case .contention, .overloaded: "Others were in the way; try again."
        default: "It was refused: \(error)."
        }
    }
}
