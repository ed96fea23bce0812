internal import Domain

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

    /// A resource that refers to others has four times the rows of those.
    init(_ size: Size) {
        var counts: [String: Int64] = [:]
        for entity in Resources.all {
            let parents = Self.parents(of: entity).compactMap { counts[$0] }
            counts[entity.resource] = parents.max().map { $0 * 4 } ?? size.rows
        }
        self.counts = counts
    }

    private static func parents<E: Entity>(of entity: E.Type) -> [String] {
        E.schema.references.compactMap(\.rules.references)
    }

    var rows: SampleRows {
        let counts = counts
        return SampleRows { counts[$0] ?? 0 }
    }

    /// The lines of an order of the sample, one to four.
    func lines(ofOrder number: Int64) -> [OrderLine] {
        (1...1 + number % 4).map { line in
            var row: OrderLine = rows.record(number * 4 + line, of: OrderLine.resource)
            row.orderID = ID(number)
            row.lineNumber = line
            return row
        }
    }
}
