import Domain
import Testing

@Suite struct `Sample rows` {
    private let rows = SampleRows { _ in 50 }

    private func check<E: Entity>(_ entity: E.Type) throws {
        var unique: [String: Set<Value>] = [:]
        for number in Int64(1)...300 {
            let row: E = rows.record(number, of: E.resource)
            let again: E = rows.record(number, of: E.resource)
            for field in E.fields {
                let value = field.value(of: row)
                #expect(value == field.value(of: again), "\(E.resource).\(field.name) is always the same")
                if !field.rules.isDerived { #expect(field.problem(with: value) == nil, "\(E.resource).\(field.name): \(value)") }
                // There is none before the first to refer to.
                if number == 1, field.rules.references != E.resource { #expect(value != .null) }
                if field.rules.isUnique { #expect(unique[field.name, default: []].insert(value).inserted) }
            }
        }
        #expect(Set((1...300).map { rows.id($0, of: E.self) }).count == 300)
    }

    @Test func `fit every declaration`() throws {
        for entity in Resources.all { try check(entity) }
        try check(Gadget.self)
    }

    @Test func `refer to rows that there are`() {
        for number in Int64(1)...300 {
            let product: Product = rows.record(number, of: Product.resource)
            #expect(1...50 ~= product.categoryID.key)
            let article: Article = rows.record(number, of: Article.resource)
            #expect((1...50).contains { rows.id($0, of: User.self) == article.authorID })
        }
    }
}
