internal import Model

/// How many rows of each resource a sample has.
struct SeedPlan {
    enum Size: String, CaseIterable {
        case small, medium, large

        /// Rows of a resource that refers to no other.
        var rows: Int64 {
            switch self {
            case .small: 10
            case .medium: 500
            case .large: 20_000
            }
        }
    }

    /// By resource.
    let counts: [String: Int64]
    private let words: SampleWords

    /// A resource that refers to others has four times the rows of those.
    init(_ size: Size, _ declarations: Declarations) {
        var counts: [String: Int64] = [:]
        for schema in declarations.schemas {
            let parents = schema.references.compactMap { schema.columns[$0].rules.references.flatMap { counts[$0] } }
            counts[schema.resource] = parents.max().map { $0 * 4 } ?? size.rows
        }
        self.counts = counts
        words = declarations.words
    }

    var rows: SampleRows {
        let counts = counts
        return SampleRows(words) { counts[$0] ?? 0 }
    }

    /// What a row of the sample owns, one to four of them.
    func owned(_ owned: OwnedRows, by number: Int64, of schema: Schema) -> [OwnedRow] {
        (1...1 + number % 4).map { position in
            OwnedRow(
                owner: SampleRows.id(number, of: schema), position: position,
                values: rows.values(number * 4 + position, of: owned.columns, owned.table))
        }
    }
}
