import Domain
import EventLoop
import Foundation
import LarderTesting
import Model
import Testing

@testable import larder

/// A customer and some products, each of a category of its own, at 10.00, 10.01 and so on.
struct StockedShop {
    let customer: Stored<Customer>
    private(set) var products: [Stored<Product>] = []

    init(_ bench: Bench, products count: Int, stock: Int64 = 100) async throws {
        (customer, products) = try await bench.write { unit in
            var products: [Stored<Product>] = []
            for number in 0..<count {
                var product = try await bench.samples.value(of: Product.self, in: unit)
                product.price = Money(cents: 1000 + Int64(number))
                product.stock = stock
                product.sold = 0
                products.append(try await unit.insert(product))
            }
            return (try await bench.samples.row(of: Customer.self, in: unit), products)
        }
    }

    /// An order of so many of the products at these indices.
    func placement(_ lines: [(product: Int, quantity: Int64)]) -> Placement {
        var order = Order()
        order.orderDate = Day("2026-11-21")!
        order.customerID = customer.id
        return Placement(order: order, lines: lines.map { OrderLine(products[$0].id, quantity: $1) })
    }

    @discardableResult
    func place(_ lines: [(product: Int, quantity: Int64)], _ bench: Bench) async throws -> Stored<Order> {
        try await bench.write { try await placement(lines).place(in: $0) }
    }

    func currentProducts(_ bench: Bench) async throws -> [Stored<Product>] {
        try await bench.write { try await $0.find(Set(products.map(\.id))) }
    }

    func expectUntouched(_ bench: Bench) async throws {
        let current = try await currentProducts(bench)
        #expect(current.map(text) == products.map(text))
        try await bench.expect(0, of: Order.self)
    }
}

/// An order with lines that is to be placed.
struct Placement: Sendable {
    var order: Order
    var lines: [OrderLine]

    func place(in unit: UnitOfWork) async throws -> Stored<Order> {
        Stored(try await Order.place.perform(order.values, lines.map(\.values), in: unit, Settings()))
    }
}

extension UnitOfWork {
    @discardableResult
    func cancel(_ id: ID<Order>) async throws -> Stored<Order> {
        let order = try #require(try await find(id))
        return Stored(try await Order.cancel.perform(order.row, [], in: self, Settings()))
    }
}

/// Swift Testing has tags too.
typealias Tag = Model.Tag

extension StoreUnderTest {
    /// Those of the domain, with the tables of the migrations.
    static let all = all(over: declarations, tables: .migrations(migrationsFolder), views: sqlViews)
}

/// The path of the migrations.
let migrationsFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Migrations").path()

extension Order {
    static var lines: OwnedRows { schema.owned[0] }
}

extension UnitOfWork {
    /// Lines of orders.
    func upsert(lines: [OwnedRow]) async throws { try await upsert(lines, into: Order.lines, of: Order.schema) }
}

func line(_ order: ID<Order>, _ number: Int64, _ product: ID<Product>, _ quantity: Int64) -> OwnedRow {
    OwnedRow(owner: order.value, position: number, values: OrderLine(product, quantity: quantity).values)
}

extension Bench {
    func summary(of id: ID<Customer>) async throws -> Reading { try await view(CustomerSummary.view, of: id.value) }
    func status(of id: ID<Application>) async throws -> Reading { try await view(ApplicationStatus.view, of: id.value) }
    func sales(of id: ID<Product>) async throws -> Reading { try await view(ProductSales.view, of: id.value) }
}
