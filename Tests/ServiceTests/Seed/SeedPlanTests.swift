import Model
import TestDomain
import Testing

@testable import Service

@Suite struct `A plan of samples` {
    private let plan = SeedPlan(.small, testDeclarations)

    @Test func `has more rows of what refers to others`() {
        #expect(Set(plan.counts.keys) == Set(testDeclarations.resources))
        #expect(plan.counts["depots"] == 10)
        #expect(plan.counts["crates"] == 40)
        #expect(plan.counts["remarks"] == 40)
        #expect(SeedPlan(.medium, testDeclarations).counts["depots"] == 500)
    }

    @Test func `has what rows own, which refers to rows that there are`() {
        for number in Int64(1)...40 {
            let rows = plan.owned(Shipment.parts, by: number, of: Shipment.schema)
            #expect(rows.map(\.position) == Array(1...1 + number % 4))
            #expect(rows.allSatisfy { $0.owner == .integer(number) })
            let parts = rows.map { ShippedPart(values: $0.values) }
            #expect(parts.allSatisfy { 1...40 ~= $0.crateID.key && $0.quantity >= 1 })
        }
    }
}
