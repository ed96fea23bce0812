import LarderTesting
import Testing

@Suite struct `The summary of a customer` {
    private let api = TestAPI(taxPercent: "0")

    @Test func `without orders has nothing to add up`() async throws {
        try await api.fill()
        let answer = try await api.get("/v1/customers/1/summary")
        #expect(answer.status == 200)
        #expect(
            answer.text == #"{"customer_id":1,"orders":0,"total_spent":"0.00","first_order_date":null,"last_order_date":null,"#
                + #""favourite_category":null}"#)
        #expect(answer["etag"] != nil)
        #expect(answer["cache-control"] == "private, no-cache")
    }

    @Test func `adds up what the customer bought, and nobody else`() async throws {
        try await api.fill()
        try await api.create("customers", Shop.customer("turing"))
        try await api.create("orders", Shop.order(on: "2026-03-01", net: "10.00", tax: "1.00"))
        try await api.create("orders", Shop.order(on: "2025-12-31", net: "0.50", tax: "0.00"))
        try await api.create("orders", Shop.order(of: 2, on: "2024-01-01", net: "99.00", tax: "0.00"))
        let summary = try await api.get("/v1/customers/1/summary").json
        #expect(
            summary == [
                "customer_id": 1, "orders": 2, "total_spent": "11.50", "first_order_date": "2025-12-31",
                "last_order_date": "2026-03-01", "favourite_category": nil,
            ])
    }

    @Test func `names the category of most of the pieces`() async throws {
        try await api.fill()
        try await api.create("categories", #"{"name": "Books"}"#)
        try await api.create("products", Shop.product("Atlas", category: 2))
        try await api.create(
            "orders",
            """
            {"order_date": "2026-03-01", "customer_id": 1,
             "lines": [{"product_id": 1, "quantity": 1}, {"product_id": 3, "quantity": 2}, {"product_id": 2, "quantity": 2}]}
            """)
        #expect(try await api.get("/v1/customers/1/summary").json["favourite_category"] == "Toys")
        _ = try await api.patch("/v1/categories/1", #"{"name": "Games"}"#)
        #expect(try await api.get("/v1/customers/1/summary").json["favourite_category"] == "Games")
    }

    @Test func `follows what is changed`() async throws {
        try await api.fill()
        try await api.create("orders", Shop.order())
        let before = try await api.get("/v1/customers/1/summary")
        _ = try await api.patch("/v1/orders/1", #"{"net_amount": "1.00"}"#)
        let tag = try #require(before["etag"])
        let after = try await api.get("/v1/customers/1/summary", headers: ["If-None-Match": tag])
        #expect(after.status == 200)
        #expect(try after.json["total_spent"] == "9.25")
        #expect(try await api.get("/v1/customers/1/summary", headers: ["If-None-Match": after["etag"] ?? ""]).status == 304)
    }

    @Test func `is not there without the customer`() async throws {
        #expect(try await api.get("/v1/customers/9/summary").status == 404)
    }

    @Test(arguments: ["abc", "1.0", "+1", "9223372036854775808", "%20"])
    func `is not there for what is no id`(id: String) async throws {
        #expect(try await api.get("/v1/customers/\(id)/summary").status == 400)
    }

    @Test(arguments: ["01", "%31", "-1"])
    func `is there for an id by which the customer is`(id: String) async throws {
        try await api.fill()
        let customer = try await api.get("/v1/customers/\(id)")
        #expect(try await api.get("/v1/customers/\(id)/summary").status == customer.status)
    }

    @Test func `knows no parameters, and no method but GET`() async throws {
        try await api.fill()
        let answer = try await api.get("/v1/customers/1/summary?fields=orders")
        #expect(answer.status == 400)
        #expect(try answer.pointers == ["/fields"])
        let post = try await api.post("/v1/customers/1/summary", "{}")
        #expect(post.status == 405)
        #expect(post["allow"] == "GET, HEAD, OPTIONS")
    }
}
