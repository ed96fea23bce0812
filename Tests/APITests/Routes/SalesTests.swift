import LarderTesting
import Testing

@Suite struct `The sales of a product` {
    private let api = TestAPI(taxPercent: "0")

    private func sell(_ quantity: Int, on day: String) async throws {
        try await api.create(
            "orders",
            """
            {"order_date": "\(day)", "customer_id": 1,
             "lines": [{"product_id": 2, "quantity": \(quantity)}, {"product_id": 1, "quantity": 1}]}
            """)
    }

    @Test func `are none before any`() async throws {
        try await api.fill()
        let answer = try await api.get("/v1/products/2/sales")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"product_id":2,"months":[]}"#)
        #expect(answer["etag"] != nil && answer["cache-control"] == "private, no-cache")
    }

    @Test func `are added up by month, in the order of months`() async throws {
        try await api.fill()
        try await sell(3, on: "2026-03-31")
        try await sell(1, on: "2025-12-01")
        try await sell(4, on: "2026-03-01")
        #expect(
            try await api.get("/v1/products/2/sales").json == [
                "product_id": 2,
                "months": [
                    ["month": "2025-12", "quantity": 1, "orders": 1], ["month": "2026-03", "quantity": 7, "orders": 2],
                ],
            ])
    }

    @Test func `leave out what was cancelled`() async throws {
        try await api.fill()
        try await sell(3, on: "2026-03-31")
        let before = try #require(try await api.get("/v1/products/2/sales")["etag"])
        _ = try await api.send("POST", "/v1/orders/1/cancel")
        let after = try await api.get("/v1/products/2/sales", headers: ["If-None-Match": before])
        #expect(try after.json["months"] == [])
    }

    @Test func `are not there without the product`() async throws {
        #expect(try await api.get("/v1/products/9/sales").status == 404)
    }
}
