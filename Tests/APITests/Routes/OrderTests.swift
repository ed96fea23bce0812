import LarderTesting
import Testing

@Suite struct `An order` {
    private let api = TestAPI(taxPercent: "8.25")

    private func place(
        _ lines: String, _ rest: String = #", "customer_id": 1, "order_date": "2026-03-01""#
    ) async throws -> Answer {
        try await api.fill()
        return try await api.post("/v1/orders", "{\"lines\": \(lines)\(rest)}")
    }

    /// What is left of the products in stock, and how many were sold.
    private func stock() async throws -> [JSON] {
        var stock: [JSON] = []
        for id in 1...2 {
            let product = try await api.get("/v1/products/\(id)").json
            stock.append([product["stock"] ?? nil, product["sold"] ?? nil])
        }
        return stock
    }

    @Test func `without lines has the amounts that it is given, and their sum`() async throws {
        try await api.fill()
        let answer = try await api.post("/v1/orders", Shop.order(net: "330.50", tax: "27.27"))
        #expect(answer.status == 201)
        #expect(try answer.json["total_amount"] == "357.77")
        #expect(try await stock() == [[5, 0], [100, 0]])
    }

    @Test func `with lines takes its prices from the products, and computes tax and total`() async throws {
        let answer = try await place(#"[{"product_id": 1, "quantity": 3}, {"product_id": 2, "quantity": 2}]"#)
        #expect(answer.status == 201)
        #expect(answer["location"] == "/v1/orders/1")
        #expect(
            try answer.json.withoutTimes == [
                "id": 1, "order_date": "2026-03-01", "customer_id": 1, "net_amount": "31.98", "tax": "2.64",
                "total_amount": "34.62", "status": "placed", "version": 1,
            ])
        #expect(try await api.get("/v1/orders/1").text == answer.text)
    }

    @Test func `with lines takes the products from the stock`() async throws {
        _ = try await place(#"[{"product_id": 1, "quantity": 5}, {"product_id": 2, "quantity": 7}]"#)
        #expect(try await stock() == [[0, 5], [93, 7]])
        #expect(try await api.get("/v1/products/1").json["version"] == 2)
    }

    @Test func `may name a product twice`() async throws {
        let answer = try await place(#"[{"product_id": 2, "quantity": 1}, {"product_id": 2, "quantity": 2}]"#)
        #expect(try answer.json["net_amount"] == "2.97")
        #expect(try await stock() == [[5, 0], [97, 3]])
    }

    @Test(arguments: [("0", "0.00", "10.00"), ("100", "10.00", "20.00"), ("8.25", "0.83", "10.83"), ("0.0001", "0.00", "10.00")])
    func `is taxed as configured, rounded to the hundredth`(percent: String, tax: JSON, total: JSON) async throws {
        let api = TestAPI(taxPercent: percent)
        try await api.fill()
        let row = try await api.create(
            "orders", #"{"order_date": "2026-03-01", "customer_id": 1, "lines": [{"product_id": 1, "quantity": 1}]}"#)
        #expect(row["tax"] == tax)
        #expect(row["total_amount"] == total)
    }

    @Test(arguments: [
        #"[{"product_id": 2, "quantity": 1}, {"product_id": 1, "quantity": 6}]"#,
        #"[{"product_id": 1, "quantity": 3}, {"product_id": 1, "quantity": 3}]"#,
    ])
    func `is refused as a whole when a product lacks stock, and names it`(lines: String) async throws {
        let answer = try await place(lines)
        #expect(answer.status == 409)
        #expect(try answer.json["type"] == "/problems/out-of-stock")
        #expect(try answer.json["detail"] == "Product 1 has 5 in stock, and 6 are wanted.")
        #expect(try await stock() == [[5, 0], [100, 0]])
        #expect(try await api.get("/v1/orders/count").json == ["count": 0])
    }

    @Test func `is refused when a product or the customer is not there`() async throws {
        let answer = try await place(#"[{"product_id": 1, "quantity": 1}, {"product_id": 9, "quantity": 1}]"#)
        #expect(answer.status == 409)
        #expect(try answer.pointers == ["/lines/1/product_id"])
        let lines = #"{"order_date": "2026-03-01", "customer_id": 9, "lines": [{"product_id": 1, "quantity": 1}]}"#
        for body in [lines, Shop.order(of: 9)] {
            let answer = try await api.post("/v1/orders", body)
            #expect(answer.status == 409)
            #expect(try answer.pointers == ["/customer_id"])
        }
        #expect(try await stock() == [[5, 0], [100, 0]])
    }

    @Test(
        arguments: [
            ("[]", ["/lines"]), ("null", ["/lines"]), ("{}", ["/lines"]), (#""1""#, ["/lines"]), ("7", ["/lines"]),
            ("true", ["/lines"]),
            ("[{}]", ["/lines/0/product_id", "/lines/0/quantity"]), ("[1]", ["/lines/0"]), ("[null]", ["/lines/0"]),
            ("[[]]", ["/lines/0"]),
            (#"[{"product_id": 1}]"#, ["/lines/0/quantity"]), (#"[{"product_id": 1, "quantity": 0}]"#, ["/lines/0/quantity"]),
            (#"[{"product_id": 1, "quantity": -1}]"#, ["/lines/0/quantity"]),
            (#"[{"product_id": 1, "quantity": 1000001}]"#, ["/lines/0/quantity"]),
            (#"[{"product_id": 1, "quantity": 1.5}]"#, ["/lines/0/quantity"]),
            (#"[{"product_id": null, "quantity": "1"}]"#, ["/lines/0/product_id", "/lines/0/quantity"]),
            (#"[{"product_id": 1, "quantity": 1, "price": "1.00"}]"#, ["/lines/0/price"]),
            (
                #"[{"product_id": 1, "quantity": 1, "order_id": 1, "line_number": 1}]"#,
                ["/lines/0/line_number", "/lines/0/order_id"]
            ),
            (
                #"[{"product_id": 1, "quantity": 1}, {"product_id": 1}, {"quantity": 1}]"#,
                ["/lines/1/quantity", "/lines/2/product_id"]
            ),
        ] as [(String, Set<String>)])
    func `has lines of a product and a quantity each`(lines: String, pointers: Set<String>) async throws {
        let answer = try await place(lines)
        #expect(answer.status == 422, "\(answer.text)")
        #expect(try Set(answer.pointers) == pointers)
        #expect(try await stock() == [[5, 0], [100, 0]])
    }

    @Test func `hears of all that is wrong with it and its lines at once`() async throws {
        let answer = try await place(
            #"[{"product_id": "1", "quantity": 1}, {"quantity": 0}]"#,
            #", "customer_id": 1.5, "net_amount": "1.00", "tax": "0.10", "total_amount": "1.10", "x": 1"#)
        #expect(answer.status == 422)
        #expect(
            try Set(answer.pointers) == [
                "/lines/0/product_id", "/lines/1/quantity", "/lines/1/product_id", "/customer_id", "/order_date", "/net_amount",
                "/tax", "/total_amount", "/x",
            ])
    }

    @Test(arguments: ["1", "null", "[]", #""x""#])
    func `hears of what is wrong with lines after one that is no object`(line: String) async throws {
        let answer = try await place("[\(line), {\"product_id\": 1, \"quantity\": 0}]")
        #expect(try Set(answer.pointers) == ["/lines/0", "/lines/1/quantity"])
    }

    @Test(arguments: [("net_amount", #""1.00""#), ("tax", #""0.00""#)])
    func `with lines has no amounts of its own`(field: String, json: String) async throws {
        let answer = try await place(
            #"[{"product_id": 1, "quantity": 1}]"#, ", \"customer_id\": 1, \"order_date\": \"2026-03-01\", \"\(field)\": \(json)")
        #expect(answer.status == 422)
        #expect(try answer.problems == ["/\(field)": "is computed from the lines"])
    }

    @Test func `has 100 lines at most`() async throws {
        func lines(_ count: Int) -> String {
            "[" + Array(repeating: #"{"product_id": 2, "quantity": 1}"#, count: count).joined(separator: ", ") + "]"
        }
        let refused = try await place(lines(101))
        #expect(refused.status == 422)
        #expect(try refused.problems == ["/lines": "expects an array of 1 to 100 objects with product_id and quantity"])
        let body = "{\"lines\": \(lines(100)), \"customer_id\": 1, \"order_date\": \"2026-03-01\"}"
        #expect(try await api.post("/v1/orders", body).json["net_amount"] == "99.00")
        #expect(try await stock()[1] == [0, 100])
    }

    @Test func `is worth no more than an amount can say`() async throws {
        try await api.fill()
        try await api.create("products", Shop.product("Star", price: "999999999999.99", stock: 1_000_000))
        let answer = try await api.post(
            "/v1/orders",
            #"{"customer_id": 1, "order_date": "2026-03-01", "lines": [{"product_id": 3, "quantity": 1000000}]}"#)
        #expect(answer.status == 422)
        #expect(try answer.pointers == ["/lines"])
        #expect(try await api.get("/v1/products/3").json["sold"] == 0)
    }

    @Test(arguments: ["PUT", "PATCH"])
    func `does not take lines when it is changed`(method: String) async throws {
        try await api.fill()
        try await api.create("orders", Shop.order())
        let body = method == "PUT" ? String(Shop.order().dropLast()) + #", "lines": []}"# : #"{"lines": []}"#
        let answer = try await api.send(method, "/v1/orders/1", body)
        #expect(answer.status == 422)
        #expect(try answer.pointers == ["/lines"])
    }

    @Test func `has its own amounts checked`() async throws {
        try await api.fill()
        for (net, tax, pointer) in [
            ("-0.01", "0.00", "/net_amount"), ("1.00", "-1", "/tax"), ("100000000000.00", "0.00", "/net_amount"),
        ] {
            let answer = try await api.post("/v1/orders", Shop.order(net: net, tax: tax))
            #expect(answer.status == 422)
            #expect(try answer.pointers == [pointer])
        }
    }
}
