import LarderTesting
import Testing

@Suite struct `A write that the rows do not allow` {
    private let api = TestAPI()

    @Test(arguments: [("email", "email"), ("username", "username")])
    func `is refused when another row has the same`(field: String, pointer: String) async throws {
        try await api.create("customers", Shop.customer("ada"))
        try await api.create("customers", Shop.customer("alan"))
        let value = field == "email" ? "ada@example.org" : "ada"
        let answer = try await api.patch("/v1/customers/2", "{\"\(field)\": \"\(value)\"}")
        #expect(answer.status == 409)
        #expect(try answer.json["type"] == "/problems/duplicate")
        #expect(try answer.pointers == ["/\(pointer)"])
        #expect(try await api.get("/v1/customers/2").json["version"] == 1)
    }

    @Test func `is refused when a new row has what another has`() async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        let answer = try await api.post("/v1/categories", #"{"name": "Toys"}"#)
        #expect(answer.status == 409)
        #expect(try answer.pointers == ["/name"])
        #expect(try await api.get("/v1/categories/count").json == ["count": 1])
    }

    @Test func `is refused when it names a row that is not there`() async throws {
        try await api.fill()
        for answer in [
            try await api.post("/v1/products", Shop.product("Top", category: 9)),
            try await api.patch("/v1/products/1", #"{"category_id": 9}"#),
            try await api.put("/v1/products/1", Shop.product("Top", category: 9)),
        ] {
            #expect(answer.status == 409)
            #expect(try answer.json["type"] == "/problems/missing-reference")
            #expect(try answer.pointers == ["/category_id"])
        }
    }

    @Test func `is refused while others refer to the row`() async throws {
        try await api.fill()
        try await api.create(
            "orders", #"{"order_date": "2026-03-01", "customer_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}"#)
        for (path, resource) in [("categories/1", "products"), ("customers/1", "orders"), ("products/1", "orders")] {
            let answer = try await api.delete("/v1/\(path)")
            #expect(answer.status == 409)
            #expect(try answer.json["type"] == "/problems/still-referenced")
            #expect(try answer.json["detail"]?.text?.contains(resource) == true)
            #expect(try await api.get("/v1/\(path)").status == 200)
        }
        #expect(try await api.delete("/v1/orders/1").status == 204)
        #expect(try await api.delete("/v1/products/1").status == 204)
    }

    @Test func `is refused when it breaks the schema, with all that is wrong`() async throws {
        let answer = try await api.post(
            "/v1/products", #"{"id": 3, "title": "", "price": 5, "stock": -1, "colour": "red", "sold": null}"#)
        #expect(answer.status == 422)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(
            try Set(answer.pointers) == ["/id", "/title", "/price", "/stock", "/colour", "/sold", "/category_id", "/actor"])
        #expect(try await api.get("/v1/products/count").json == ["count": 0])
    }

    @Test(arguments: ["PUT", "PATCH"])
    func `is refused when a change breaks the schema`(method: String) async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        for (body, pointers) in [
            (#"{"name": 1, "x": 2}"#, ["/name", "/x"]), (#"{"name": null}"#, ["/name"]),
            (#"{"name": "a", "version": 1}"#, ["/version"]),
        ] as [(String, Set<String>)] {
            let answer = try await api.send(method, "/v1/categories/1", body)
            #expect(answer.status == 422)
            #expect(try Set(answer.pointers) == pointers)
        }
        #expect(try await api.get("/v1/categories/1").json["version"] == 1)
    }

    @Test func `needs what has to be given only when the whole row is`() async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        let answer = try await api.put("/v1/categories/1", "{}")
        #expect(answer.status == 422)
        #expect(try answer.problems == ["/name": "is missing"])
        #expect(try await api.patch("/v1/categories/1", "{}").status == 200)
    }

    @Test func `cannot set the total of an order`() async throws {
        try await api.fill()
        try await api.create("orders", Shop.order())
        for answer in [
            try await api.patch("/v1/orders/1", #"{"total_amount": "1.00"}"#),
            try await api.post("/v1/orders", #"{"total_amount": "1.00"}"#),
        ] {
            #expect(answer.status == 422)
            #expect(try answer.problems["/total_amount"] == "is computed by the service")
        }
    }
}
