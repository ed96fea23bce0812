import Domain
import Testing

@testable import larder

@Suite struct `A plan of samples` {
    @Test func `has more rows of what refers to others`() {
        let counts = SeedPlan(.small).counts
        #expect(Set(counts.keys) == Set(Resources.names))
        #expect(counts["categories"] == 10)
        #expect(counts["products"] == 40)
        #expect(counts["comments"] == 160)
        #expect(SeedPlan(.medium).counts["categories"] == 500)
    }

    @Test func `has lines of orders, with products that there are`() {
        let plan = SeedPlan(.small)
        for number in Int64(1)...40 {
            let lines = plan.lines(ofOrder: number)
            #expect(lines.map(\.lineNumber) == Array(1...1 + number % 4))
            #expect(lines.allSatisfy { $0.orderID == ID(number) && 1...40 ~= $0.productID.key && 1...5 ~= $0.quantity })
        }
    }
}
