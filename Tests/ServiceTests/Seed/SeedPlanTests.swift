import Domain
import Model
import Testing

@testable import Service

@Suite struct `A plan of samples` {
    private let plan = SeedPlan(.small, declarations)

    @Test func `has more rows of what refers to others`() {
        #expect(Set(plan.counts.keys) == Set(declarations.resources))
        #expect(plan.counts["categories"] == 10)
        #expect(plan.counts["products"] == 40)
        #expect(plan.counts["comments"] == 160)
        #expect(SeedPlan(.medium, declarations).counts["categories"] == 500)
    }

    @Test func `has what rows own, which refers to rows that there are`() {
        for number in Int64(1)...40 {
            let rows = plan.owned(Order.owned[0], by: number, of: Order.schema)
            #expect(rows.map(\.position) == Array(1...1 + number % 4))
            #expect(rows.allSatisfy { $0.owner == .integer(number) })
            let lines = rows.map { OrderLine(values: $0.values) }
            #expect(lines.allSatisfy { 1...40 ~= $0.productID.key && 1...5 ~= $0.quantity })
        }
    }
}
