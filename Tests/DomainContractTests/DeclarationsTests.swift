import Domain
import Model
import Testing

/// What has to hold for what is declared, whatever that is.
@Suite struct `The declarations` {
    /// Those of the resources, and of what their rows own.
    private let columns: [(table: String, columns: [Column])] =
        declarations.schemas.map { ($0.resource, Array($0.fieldColumns)) }
        + declarations.owned.map { ($0.rows.table, $0.rows.allColumns) }

    @Test func `accept the values that their properties begin with, where these are defaults`() {
        for (table, columns) in columns {
            for column in columns {
                guard let value = column.defaultValue, value != .null else { continue }
                #expect(column.problem(with: value) == nil, "\(table).\(column.name)")
            }
        }
    }

    @Test func `give every reference the kind of the id that it refers to, and every target a place before`() {
        for (table, columns) in columns {
            for column in columns {
                guard let target = column.rules.target else { continue }
                #expect(target.schema.keyKind == column.kind, "\(table).\(column.name)")
                let place = declarations.schemas.firstIndex(of: target.schema)
                #expect(place != nil, "\(table).\(column.name) refers to what is not declared")
                if let owner = declarations.schemas.firstIndex(where: { $0.resource == table }), let place {
                    #expect(place <= owner, "\(table) come before \(target.resource)")
                }
            }
        }
    }

    @Test func `call no two alike`() {
        let names = columns.map(\.table) + declarations.settings.map(\.name)
        #expect(Set(names).count == names.count)
        for schema in declarations.schemas {
            let paths = declarations.views(of: schema).map(\.name) + declarations.actions(of: schema).map(\.name)
            #expect(Set(paths).count == paths.count)
            let members = schema.columns.map(\.name) + schema.parts.map(\.name)
            #expect(Set(members).count == members.count)
        }
    }

    @Test func `have samples that fit them`() {
        let samples = SampleRows(declarations.words) { _ in 20 }
        for (table, columns) in columns {
            for number in Int64(1)...50 {
                for (column, value) in zip(columns, samples.values(number, of: columns, table)) where !column.rules.isDerived {
                    #expect(column.problem(with: value) == nil, "\(table).\(column.name): \(value)")
                }
            }
        }
    }

    @Test func `say of each refusal what it may look like`() {
        for refusal in declarations.refusals { #expect(refusal.example.hasSuffix(".")) }
    }
}
