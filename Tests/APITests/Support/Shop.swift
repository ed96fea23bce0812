import LarderTesting
import Testing

/// Requests' bodies, and rows to begin with.
enum Shop {
    static func customer(_ name: String) -> String {
        """
        {"first_name": "Ada", "last_name": "\(name)", "email": "\(name)@example.org", "username": "\(name)",
         "address": "1 High Street", "city": "Bath", "zip": "BA1", "country": "UK"}
        """
    }

    static func product(_ title: String, price: String = "10.00", stock: Int = 5, category: Int = 1) -> String {
        """
        {"category_id": \(category), "title": "\(title)", "actor": "ADA", "price": "\(price)", "stock": \(stock)}
        """
    }

    static func order(of customer: Int = 1, on day: String = "2026-03-01", net: String = "100.00", tax: String = "8.25") -> String
    {
        """
        {"order_date": "\(day)", "customer_id": \(customer), "net_amount": "\(net)", "tax": "\(tax)"}
        """
    }
}

extension TestAPI {
    /// Category 1 (Toys) with the products 1 (Kite, 10.00, 5 in stock) and 2 (Ball, 0.99, 100 in stock), and customer 1.
    func fill() async throws {
        let rows = [
            ("categories", #"{"name": "Toys"}"#), ("products", Shop.product("Kite")),
            ("products", Shop.product("Ball", price: "0.99", stock: 100)), ("customers", Shop.customer("lovelace")),
        ]
        for (resource, body) in rows { try await create(resource, body) }
    }

    /// - Returns: the new row.
    @discardableResult
    func create(_ resource: String, _ body: String) async throws -> JSON {
        let answer = try await post("/v1/\(resource)", body)
        try #require(answer.status == 201, "\(answer.text)")
        return try answer.json
    }
}
