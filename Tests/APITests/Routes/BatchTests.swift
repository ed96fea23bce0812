import LarderTesting
import Testing

@Suite struct `An array of rows` {
    private let api = TestAPI()

    /// Several bodies as one.
    private func array(_ elements: [String]) -> String { "[\(elements.joined(separator: ", "))]" }

    private func categories(_ count: Int) -> String { array((0..<count).map { "{\"name\": \"c\($0)\"}" }) }

    // MARK: Creating

    @Test(arguments: ResourceSample.all)
    func `is created whole, in its order`(sample: ResourceSample) async throws {
        try await api.fill()
        let answer = try await api.post(sample.path, array([sample.body, sample.other]))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer["location"] == nil)
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["content-type"] == "application/json")
        let items = try #require(try answer.json["items"]?.elements)
        #expect(try answer.json.names == ["items"])
        #expect(items.count == 2)
        #expect(items[0].withoutTimes == sample.created)
        #expect(try await api.get(sample.rowPath).json == items[0])
        for item in items {
            guard case .integer(let id) = item["id"] else { throw Unexpected() }
            #expect(try await api.get("\(sample.path)/\(id)").json == item)
        }
    }

    private struct Unexpected: Error {}

    @Test func `of which one is wrong is not created at all, and hears of all that is wrong`() async throws {
        try await api.fill()
        let answer = try await api.post(
            "/v1/products", array([Shop.product("A"), #"{"title": "", "stock": -1}"#, "7", Shop.product("B", price: "x")]))
        #expect(answer.status == 422)
        #expect(
            try Set(answer.pointers) == [
                "/1/title", "/1/stock", "/1/category_id", "/1/actor", "/1/price", "/2", "/3/price",
            ])
        #expect(try await api.get("/v1/products/count").json == ["count": 2])
    }

    @Test func `that is nothing but wrong hears of 100 problems`() async throws {
        let answer = try await api.post("/v1/categories", array(Array(repeating: "1", count: 500)))
        #expect(answer.status == 422)
        #expect(try answer.pointers == (0..<100).map { "/\($0)" })
    }

    @Test func `has 1 to 500 rows`() async throws {
        for (count, detail) in [(0, "not of 0"), (501, "not of 501")] {
            let answer = try await api.post("/v1/categories", categories(count))
            #expect(answer.status == 422)
            #expect(try answer.problems[""]?.hasSuffix("1 to 500 objects, \(detail)") == true)
        }
        #expect(try await api.post("/v1/categories", categories(500)).status == 201)
        #expect(try await api.get("/v1/categories/count").json == ["count": 500])
    }

    @Test func `of which one is taken is not created at all, and hears which`() async throws {
        let answer = try await api.post("/v1/categories", array([#"{"name": "a"}"#, #"{"name": "b"}"#, #"{"name": "a"}"#]))
        #expect(answer.status == 409)
        #expect(try answer.json["type"] == "/problems/duplicate")
        #expect(try answer.pointers == ["/2/name"])
        #expect(try answer.json["detail"]?.text?.hasPrefix("/2: ") == true)
        #expect(try await api.get("/v1/categories/count").json == ["count": 0])
    }

    @Test func `of which one refers to nothing hears which`() async throws {
        try await api.fill()
        let answer = try await api.post("/v1/products", array([Shop.product("A"), Shop.product("B", category: 9)]))
        #expect(answer.status == 409)
        #expect(try answer.pointers == ["/1/category_id"])
        #expect(try await api.get("/v1/products/count").json == ["count": 2])
    }

    @Test func `may be of orders with lines and without`() async throws {
        try await api.fill()
        func order(_ quantity: Int) -> String {
            """
            {"order_date": "2026-03-01", "customer_id": 1, "lines": [{"product_id": 1, "quantity": \(quantity)}]}
            """
        }
        let answer = try await api.post("/v1/orders", array([order(2), Shop.order(), order(3)]))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try answer.json["items"]?.elements?.map { $0["net_amount"] } == ["20.00", "100.00", "30.00"])
        #expect(try await api.get("/v1/products/1").json["stock"] == 0)

        let lacking = try await api.post("/v1/orders", array([Shop.order(), order(1)]))
        #expect(lacking.status == 409)
        #expect(try lacking.json["type"] == "/problems/out-of-stock")
        #expect(try lacking.pointers == ["/1"])
        let wrong = try await api.post(
            "/v1/orders", array([Shop.order(), order(0), order(1).replacing("\"quantity\": 1", with: "")]))
        #expect(wrong.status == 400)
        let unknown = try await api.post("/v1/orders", array([Shop.order(), order(0)]))
        #expect(try unknown.pointers == ["/1/lines/0/quantity"])
        let missing = try await api.post(
            "/v1/orders", array([order(1).replacing("\"product_id\": 1", with: "\"product_id\": 9")]))
        #expect(missing.status == 409)
        #expect(try missing.pointers == ["/0/lines/0/product_id"])
        #expect(try await api.get("/v1/orders/count").json == ["count": 3])
    }

    // MARK: Changing

    @Test(arguments: ResourceSample.all)
    func `is changed by a merge patch each`(sample: ResourceSample) async throws {
        try await api.fill()
        let created = try await api.create(sample.resource, sample.body)
        guard case .integer(let id) = created["id"] else { throw Unexpected() }
        let answer = try await api.patch(sample.path, "[{\"id\": \(id), \(sample.patch.dropFirst())]")
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["items"]?.elements?.map(\.withoutTimes) == [sample.patched])
        #expect(try await api.get(sample.rowPath).json == answer.json["items"]?[0])
    }

    @Test func `is changed in its order, and what stays as it was is there too`() async throws {
        try await api.fill()
        let answer = try await api.patch(
            "/v1/products", #"[{"id": 2, "stock": 7}, {"id": 1}]"#, headers: ["Content-Type": "application/merge-patch+json"])
        #expect(answer.status == 200)
        let items = try #require(try answer.json["items"]?.elements)
        #expect(items.map { $0["id"] } == [2, 1] && items.map { $0["stock"] } == [7, 5])
        #expect(items.map { $0["version"] } == [2, 1])
    }

    @Test(arguments: [12, 40])
    func `is not changed at all if the rows that it names are too long together`(count: Int) async throws {
        let author = try await api.post("/v1/users", #"{"name": "a", "email": "a@example.org"}"#).json["id"]
        guard case .string(let author) = author else { throw Unexpected() }
        let body = String(repeating: "x", count: 100_000)
        var ids: [String] = []
        for _ in 0..<count {
            let article = try await api.post(
                "/v1/articles", #"{"title": "t", "body": "\#(body)", "author_id": "\#(author)", "status": "draft"}"#)
            guard case .string(let id) = try article.json["id"] else { throw Unexpected() }
            ids.append(id)
        }
        func changes(_ ids: some Collection<String>) -> String { array(ids.map { #"{"id": "\#($0)", "title": "new"}"# }) }
        let answer = try await api.patch("/v1/articles", changes(ids))
        #expect(answer.status == 422)
        #expect(answer.text.contains("more than 1048576 bytes together"))
        #expect(try await api.get("/v1/articles/count?title=new").json == ["count": 0])
        #expect(try await api.patch("/v1/articles", changes(ids.prefix(10))).status == 200)
    }

    @Test func `of which one is wrong is not changed at all, and hears of all that is wrong`() async throws {
        try await api.fill()
        let answer = try await api.patch(
            "/v1/products",
            """
            [{"id": 1, "stock": 7}, {"id": "2", "price": 5}, {"stock": 1}, {"id": null}, [], {"id": 1.5, "x": 1}, {"id": 2, "version": 3}]
            """)
        #expect(answer.status == 422)
        #expect(
            try Set(answer.pointers) == ["/1/id", "/1/price", "/2/id", "/3/id", "/4", "/5/id", "/5/x", "/6/version"])
        #expect(try answer.problems["/2/id"] == "is missing")
        #expect(try await api.get("/v1/products/1").json["version"] == 1)
    }

    @Test func `names each row once`() async throws {
        try await api.fill()
        let answer = try await api.patch("/v1/products", #"[{"id": 1, "stock": 7}, {"id": 2}, {"id": 1, "sold": 7}]"#)
        #expect(answer.status == 422)
        #expect(try answer.pointers == ["/2/id"])
        #expect(try await api.get("/v1/products/1").json["version"] == 1)
    }

    @Test func `that names rows that are not there hears which`() async throws {
        try await api.fill()
        let answer = try await api.patch("/v1/products", #"[{"id": 1, "stock": 7}, {"id": 8}, {"id": 9}]"#)
        #expect(answer.status == 404)
        #expect(try answer.pointers == ["/1/id", "/2/id"])
        #expect(try await api.get("/v1/products/1").json["version"] == 1)
    }

    @Test func `whose change the rows do not allow is not changed at all`() async throws {
        try await api.fill()
        try await api.create("categories", #"{"name": "Maps"}"#)
        let answer = try await api.patch("/v1/categories", #"[{"id": 2, "name": "Globes"}, {"id": 1, "name": "Globes"}]"#)
        #expect(answer.status == 409)
        #expect(try answer.pointers == ["/1/name"])
        #expect(try await api.get("/v1/categories/2").json["name"] == "Maps")
    }

    @Test(arguments: ["{}", "7", "null", #"{"id": 1, "stock": 7}"#])
    func `is what a change of several needs`(body: String) async throws {
        try await api.fill()
        let answer = try await api.patch("/v1/products", body)
        #expect(answer.status == 422)
        #expect(try answer.pointers == [""])
    }

    @Test func `has 1 to 500 changes`() async throws {
        for count in [0, 501] {
            let answer = try await api.patch("/v1/products", array((0..<count).map { "{\"id\": \($0)}" }))
            #expect(answer.status == 422)
            #expect(try answer.pointers == [""])
        }
    }

    // MARK: Both

    @Test func `is not sent to whom it is enough that it was written`() async throws {
        let minimal: KeyValuePairs = ["Prefer": "return=minimal"]
        let created = try await api.post("/v1/categories", categories(2), headers: minimal)
        #expect(created.status == 201 && created.text.isEmpty)
        let changed = try await api.patch("/v1/categories", #"[{"id": 1, "name": "a"}]"#, headers: minimal)
        #expect(changed.status == 204 && changed["preference-applied"] == "return=minimal")
        #expect(try await api.get("/v1/categories/1").json["name"] == "a")
    }

    @Test(arguments: ["If-Match", "If-None-Match"])
    func `has no tag that a condition could name`(field: String) async throws {
        try await api.fill()
        for value in ["*", "\"x\""] {
            for answer in [
                try await api.post("/v1/categories", categories(1), headers: .init(dictionaryLiteral: (field, value))),
                try await api.post("/v1/categories", #"{"name": "a"}"#, headers: .init(dictionaryLiteral: (field, value))),
                try await api.patch("/v1/products", #"[{"id": 1}]"#, headers: .init(dictionaryLiteral: (field, value))),
            ] {
                #expect(answer.status == 400)
                #expect(try answer.json["detail"]?.text?.hasPrefix("\(field) ") == true)
            }
        }
        #expect(try await api.get("/v1/categories/count").json == ["count": 1])
    }

    @Test func `takes no parameters`() async throws {
        #expect(try await api.post("/v1/categories?x=1", categories(1)).status == 400)
        #expect(try await api.patch("/v1/categories?x=1", "[]").status == 400)
    }
}
