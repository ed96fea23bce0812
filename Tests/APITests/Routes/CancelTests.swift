import LarderTesting
import Testing

@Suite struct `An order that is cancelled` {
    private let api = TestAPI()
    private let path = "/v1/orders/1"
    private var cancel: String { path + "/cancel" }

    /// Order 1 has three of product 1 and seven of product 2.
    private func place() async throws {
        try await api.fill()
        try await api.create(
            "orders",
            """
            {"order_date": "2026-03-01", "customer_id": 1,
             "lines": [{"product_id": 1, "quantity": 3}, {"product_id": 2, "quantity": 7}]}
            """)
    }

    private func stock() async throws -> [JSON] {
        var stock: [JSON] = []
        for id in 1...2 {
            let product = try await api.get("/v1/products/\(id)").json
            stock.append([product["stock"] ?? nil, product["sold"] ?? nil])
        }
        return stock
    }

    @Test func `gives back what it took from the stock`() async throws {
        try await place()
        #expect(try await stock() == [[2, 3], [93, 7]])
        let answer = try await api.send("POST", cancel)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["status"] == "cancelled" && answer.json["version"] == 2)
        #expect(answer["content-type"] == "application/json" && answer["cache-control"] == "no-store")
        let row = try await api.get(path)
        #expect(row.text == answer.text && row["etag"] == answer["etag"])
        #expect(try await stock() == [[5, 0], [100, 0]])
    }

    @Test func `cannot be cancelled again`() async throws {
        try await place()
        _ = try await api.send("POST", cancel)
        let answer = try await api.send("POST", cancel)
        #expect(answer.status == 409)
        #expect(try answer.json["type"] == "/problems/already-cancelled")
        #expect(try answer.json["detail"] == "Order 1 is cancelled already.")
        #expect(try await stock() == [[5, 0], [100, 0]])
    }

    @Test(arguments: ["", "{}", " {}\n"])
    func `needs no body, and may have an empty one`(body: String) async throws {
        try await place()
        #expect(try await api.post(cancel, body).status == 200)
    }

    @Test(arguments: [
        (#"{"reason": "late"}"#, 422, ["/reason"]), (#"{"status": "cancelled"}"#, 422, ["/status"]), ("[]", 422, [""]),
        ("null", 422, [""]), ("{", 400, []),
    ])
    func `takes nothing`(body: String, status: Int, pointers: [String]) async throws {
        try await place()
        let answer = try await api.post(cancel, body)
        #expect(answer.status == status)
        #expect(try answer.pointers == pointers)
        #expect(try await api.get(path).json["status"] == "placed")
    }

    @Test func `takes no text and no parameters`() async throws {
        try await place()
        #expect(try await api.post(cancel, "{}", headers: ["Content-Type": "text/plain"]).status == 415)
        #expect(try await api.send("POST", cancel + "?x=1").status == 400)
    }

    @Test func `has to be there`() async throws {
        #expect(try await api.send("POST", "/v1/orders/9/cancel").status == 404)
        #expect(try await api.send("POST", "/v1/orders/x/cancel").status == 400)
    }

    @Test func `is cancelled once for all requests with one key`() async throws {
        try await place()
        let key: KeyValuePairs = ["Idempotency-Key": "k"]
        let first = try await api.send("POST", cancel, headers: key)
        let again = try await api.send("POST", cancel, headers: key)
        #expect(first.status == 200 && first["idempotency-replayed"] == nil)
        #expect(again.status == 200 && again["idempotency-replayed"] == "true")
        #expect(again.text == first.text && again["etag"] == first["etag"])
        #expect(try await stock() == [[5, 0], [100, 0]])
        try await api.create("orders", Shop.order())
        #expect(try await api.send("POST", "/v1/orders/2/cancel", headers: key).status == 422)
    }

    @Test func `is so only in the state that the client demands`() async throws {
        try await place()
        let tag = try #require(try await api.get(path)["etag"])
        for headers in [["If-Match": "\"x\""], ["If-None-Match": tag], ["If-None-Match": "*"]] as [KeyValuePairs] {
            #expect(try await api.send("POST", cancel, headers: headers).status == 412)
        }
        #expect(try await api.get(path)["etag"] == tag)
        #expect(try await api.send("POST", cancel, headers: ["If-Match": tag]).status == 200)
        #expect(try await api.send("POST", cancel, headers: ["If-Match": tag]).status == 412)
    }

    @Test func `is not sent to whom it is enough that it is`() async throws {
        try await place()
        let answer = try await api.send("POST", cancel, headers: ["Prefer": "return=minimal"])
        #expect(answer.status == 204 && answer.text.isEmpty && answer["preference-applied"] == "return=minimal")
        #expect(try await api.get(path)["etag"] == answer["etag"])
    }

    @Test func `counts no longer`() async throws {
        try await place()
        try await api.create("orders", Shop.order())
        _ = try await api.send("POST", cancel)
        #expect(try await api.get("/v1/customers/1/summary").json["orders"] == 1)
        #expect(try await api.get("/v1/orders/count?status=cancelled").json == ["count": 1])
    }

    @Test func `can be neither placed nor cancelled by giving its status`() async throws {
        try await place()
        let given = #", "status": "cancelled"}"#
        for answer in [
            try await api.post("/v1/orders", Shop.order().replacing("}", with: given)),
            try await api.put(path, Shop.order().replacing("}", with: given)),
            try await api.patch(path, #"{"status": "cancelled"}"#),
            try await api.patch("/v1/orders", #"[{"id": 1, "status": "cancelled"}]"#),
        ] {
            #expect(answer.status == 422)
            #expect(try Array(answer.problems.values) == ["is changed by its actions alone"])
        }
    }

    @Test func `stays so when it is replaced or changed`() async throws {
        try await place()
        _ = try await api.send("POST", cancel)
        #expect(try await api.put(path, Shop.order()).json["status"] == "cancelled")
        #expect(try await api.patch(path, #"{"tax": "0.00"}"#).json["status"] == "cancelled")
    }
}
