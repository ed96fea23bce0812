import Model

extension StoreContract {
    /// What is read.
    static var readRules: [(String, Rule)] {
        [
            ("Rows are found only while they are there", findRows),
            ("Projections show their columns and parts", project),
            ("Lists have the rows that fulfil their filter, and counts agree", filter),
            ("Pages follow each other by any column in both directions", turnPages),
            ("Ids are those of a list", listIDs),
            ("Views are what is computed of their rows", view),
        ]
    }

    @Sendable private static func findRows(_ trial: Trial) async throws {
        for schema in trial.schemas {
            try await trial.agree(.list(Query(of: schema)))
            try await trial.agree(.row(trial.unusedID(of: schema), schema))
        }
        try await trial.fill(2)
        try await trial.agreeOnAllRows()
    }

    @Sendable private static func project(_ trial: Trial) async throws {
        try await trial.fill(2)
        for schema in trial.schemas {
            let projections =
                schema.columns.indices.map { Projection(columns: [$0]) } + schema.parts.indices.map { Projection(parts: [$0]) }
                + [Projection(columns: [0], parts: Array(schema.parts.indices))]
            for projection in projections {
                for row in trial.expected.rows(of: schema) { try await trial.agree(.row(row.id, schema, projection)) }
                var query = Query(of: schema)
                query.projection = projection
                try await trial.agree(.list(query))
            }
        }
    }

    @Sendable private static func filter(_ trial: Trial) async throws {
        try await trial.fill(6)
        for schema in trial.schemas {
            for column in schema.columns.indices {
                for filter in filters(of: column, schema, trial.expected.rows(of: schema)) {
                    try await trial.agree(.list(Query(of: schema, filters: [filter], limit: 4)))
                    try await trial.agree(.count([filter], schema))
                }
            }
        }
    }

    /// Every comparison with values that are there, and with some that are not.
    private static func filters(of position: Int, _ schema: Schema, _ rows: [Row]) -> [Query.Filter] {
        let column = schema.columns[position]
        let present = Set(rows.map { $0.values[position] }).subtracting([.null]).sorted(by: Value.isOrderedBefore)
        var operands = present.isEmpty ? [] : [present[0], present[present.count / 2]]
        if column.kind == .integer { operands += [.integer(.min), .integer(.max)] }
        return Query.Comparison.allCases.flatMap { comparison -> [Query.Filter] in
            switch comparison {
            case .isNull, .isNotNull: [Query.Filter(position, comparison, [])]
            case .isIn: [Query.Filter(position, comparison, []), Query.Filter(position, comparison, operands)]
            case .contains where column.kind != .text: []
            case .contains: difficult.map { Query.Filter(position, comparison, [.text($0)]) }
            default: operands.map { Query.Filter(position, comparison, [$0]) }
            }
        }
    }

    /// What is easily misread by SQL.
    private static let difficult = ["", "e", "E", "%", "_", "\\", "'", "e\u{301}", "{}", "\t"]

    @Sendable private static func turnPages(_ trial: Trial) async throws {
        try await trial.fill(7)
        for schema in trial.schemas {
            for column in schema.columns.indices where schema.columns[column].isSortable {
                for isDescending in [false, true] {
                    var query = Query(of: schema, sort: [Query.SortKey(column: column, isDescending: isDescending)], limit: 3)
                    query.countsExactly = true
                    try await turnPages(of: query, trial)
                }
            }
        }
    }

    private static func turnPages(of query: Query, _ trial: Trial) async throws {
        var query = query
        for _ in 0...trial.expected.rows(of: query.schema).count {
            try await trial.agree(.list(query))
            guard let next = try await trial.reading(.list(query)).next else { return }
            guard let cursor = Query.Cursor(next, for: query) else {
                throw Violation(description: "\(query.cacheKey): its own cursor \(next) is none")
            }
            query.cursor = cursor
        }
        throw Violation(description: "\(query.cacheKey): the pages have no end")
    }

    @Sendable private static func listIDs(_ trial: Trial) async throws {
        try await trial.fill(3)
        for schema in trial.schemas {
            let query = Query(of: schema, sort: [Query.SortKey(column: 0, isDescending: true)], limit: 2)
            let ids = try await trial.store.repository(of: schema).ids(query, deadline: trial.deadline)
            try expect(ids, try await trial.expected.list(query).map(\.id), "the ids of \(query.cacheKey)")
        }
    }

    @Sendable private static func view(_ trial: Trial) async throws {
        try await trial.fill(4)
        for view in trial.declarations.views {
            let rows = trial.expected.rows(of: view.subject)
            for id in rows.map(\.id) + [trial.unusedID(of: view.subject)] { try await trial.agree(.view(view, id)) }
        }
    }
}
