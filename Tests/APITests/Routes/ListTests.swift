import LarderTesting
import Testing

@Suite struct `A list` {
    private let api = TestAPI()

    /// Products 1 to 6 with the titles A to F; their prices and stocks are in another order, and two of them are equal.
    private func fill() async throws {
        try await api.create("categories", #"{"name": "Toys"}"#)
        try await api.create("categories", #"{"name": "Books"}"#)
        for (title, price, stock, category) in [
            ("A", "3.00", 1, 1), ("B", "1.00", 2, 2), ("C", "2.00", 3, 1), ("D", "1.00", 4, 2), ("E", "5.00", 5, 1),
            ("F", "4.00", 6, 1),
        ] {
            try await api.create("products", Shop.product(title, price: price, stock: stock, category: category))
        }
    }

    /// The titles of the products on a page.
    private func titles(_ answer: Answer) throws -> String {
        try #require(answer.status == 200, "\(answer.text)")
        return try #require(answer.json["items"]?.elements).map { $0["title"]?.text ?? "?" }.joined()
    }

    @Test func `of no rows has no items and no next page`() async throws {
        let answer = try await api.get("/v1/products")
        #expect(answer.text == #"{"items":[],"next":null}"#)
        #expect(answer["link"] == nil)
        #expect(answer["etag"] != nil)
    }

    @Test(arguments: [
        ("", "ABCDEF"), ("?sort=id", "ABCDEF"), ("?sort=-id", "FEDCBA"), ("?sort=price", "BDCAFE"), ("?sort=-price", "EFACDB"),
        ("?sort=price,-id", "DBCAFE"), ("?sort=-category_id,price", "BDCAFE"), ("?sort=created_at,id", "ABCDEF"),
        ("?limit=2", "AB"),
        ("?sort=-stock&limit=1", "F"), ("?category_id=1", "ACEF"), ("?category_id=1&price[lt]=4", "AC"), ("?price=1.00", "BD"),
        ("?price=1", "BD"), ("?price[gte]=3&price[lte]=4", "AF"), ("?price[gt]=3&price[lt]=5", "F"), ("?title[ne]=A", "BCDEF"),
        ("?title[in]=A,C,Z", "AC"), ("?title%5Bin%5D=A,C", "AC"), ("?title[in]=A%2CC", ""), ("?title[in]=A%2CC,F", "F"),
        ("?id[in]=1%2C3", "AC"), ("?title[contains]=", "ABCDEF"), ("?title[contains]=E", "E"),
        ("?special=false", "ABCDEF"), ("?special=true", ""), ("?id[gt]=4", "EF"), ("?version=1&stock[gte]=6", "F"),
        ("?category_id=99", ""),
    ])
    func `has the rows that are asked for, in order`(query: String, expected: String) async throws {
        try await fill()
        #expect(try titles(try await api.get("/v1/products\(query)")) == expected)
    }

    @Test(arguments: ["", "&sort=price", "&sort=-price", "&sort=-id", "&sort=price,-id", "&category_id[in]=1,2"])
    func `is walked through by its links, each row once`(query: String) async throws {
        try await fill()
        let whole = try titles(try await api.get("/v1/products?limit=200\(query)"))
        for limit in 1...7 {
            var walked = ""
            var target: String? = "/v1/products?limit=\(limit)\(query)"
            while let current = target {
                let answer = try await api.get(current)
                walked += try titles(answer)
                let next = try #require(answer.json["next"])
                if let cursor = next.text {
                    target = "/v1/products?limit=\(limit)\(query)&cursor=\(cursor)"
                    #expect(answer["link"] == "<\(target!)>; rel=\"next\"")
                } else {
                    target = nil
                    #expect(next == nil && answer["link"] == nil)
                }
            }
            #expect(walked == whole, "limit \(limit)")
        }
    }

    @Test func `goes on from where it was, whatever is inserted and deleted`() async throws {
        try await fill()
        let first = try await api.get("/v1/products?sort=-id&limit=2")
        let cursor = try #require(first.json["next"]?.text)
        try await api.create("products", Shop.product("G"))
        _ = try await api.delete("/v1/products/5")
        #expect(try titles(try await api.get("/v1/products?sort=-id&limit=2&cursor=\(cursor)")) == "DC")
    }

    @Test func `counts all rows when asked to`() async throws {
        try await fill()
        let answer = try await api.get("/v1/products?category_id=1&limit=1&count=exact")
        #expect(try answer.json["count"] == 4)
        #expect(try answer.json["items"]?.elements?.count == 1)
        #expect(try await api.get("/v1/products/count?category_id=1").text == #"{"count":4}"#)
        #expect(try await api.get("/v1/products/count").json == ["count": 6])
        #expect(try await api.get("/v1/products/count?price[lt]=2").json == ["count": 2])
    }

    @Test func `has 50 rows unless it is told, and 200 at most`() async throws {
        for number in 1...201 { try await api.create("categories", "{\"name\": \"\(number)\"}") }
        #expect(try await api.get("/v1/categories").json["items"]?.elements?.count == 50)
        let answer = try await api.get("/v1/categories?limit=200")
        #expect(try answer.json["items"]?.elements?.count == 200)
        #expect(try answer.json["next"]?.text != nil)
    }

    @Test func `knows what is null`() async throws {
        try await api.create("customers", Shop.customer("ada"))
        try await api.create("customers", Shop.customer("alan"))
        _ = try await api.patch("/v1/customers/2", #"{"age": 41}"#)
        for (query, ids) in [("age[null]=true", [1]), ("age[null]=false", [2]), ("age[gt]=0", [2]), ("sort=age", [2, 1])]
            as [(String, JSON)]
        {
            let items = try await api.get("/v1/customers?\(query)").json["items"]?.elements
            #expect(.array(items?.map { $0["id"] ?? nil } ?? []) == ids, "\(query)")
        }
    }

    @Test(arguments: [
        ("limit=0", "/limit"), ("limit=201", "/limit"), ("limit=-1", "/limit"), ("limit=x", "/limit"), ("limit=", "/limit"),
        ("limit", "/limit"),
        ("limit=1.5", "/limit"), ("limit=99999999999999999999", "/limit"), ("sort=colour", "/sort"), ("sort=", "/sort"),
        ("sort=price,", "/sort"),
        ("sort=price,-price", "/sort"), ("sort=--price", "/sort"), ("cursor=", "/cursor"), ("cursor=x", "/cursor"),
        ("cursor=AAAA", "/cursor"),
        ("count=yes", "/count"), ("count=", "/count"), ("colour=red", "/colour"),
        ("price=abc", "/price"),
        ("price[gt]=", "/price[gt]"), ("price[eq]=1", "/price[eq]"), ("price[like]=1", "/price[like]"),
        ("price[notnull]=true", "/price[notnull]"),
        ("price[]=1", "/price[]"), ("price[=1", "/price["), ("[gt]=1", "/[gt]"), ("price[contains]=1", "/price[contains]"),
        ("price[null]=true", "/price[null]"), ("id=abc", "/id"), ("special=maybe", "/special"),
        ("created_at[gt]=yesterday", "/created_at[gt]"),
        ("limit=1&limit=2", "/limit"), ("category_id[in]=1,x", "/category_id[in]"), ("=1", "/"),
    ])
    func `refuses parameters that it does not understand, and names them`(query: String, pointer: String) async throws {
        let answer = try await api.get("/v1/products?\(query)")
        #expect(answer.status == 400)
        #expect(try answer.pointers == [pointer])
        #expect(answer["cache-control"] == "no-store")
    }

    @Test func `names all parameters that it does not understand`() async throws {
        let answer = try await api.get("/v1/products?limit=0&sort=x&colour=red&price[gt]=abc&title=A")
        #expect(answer.status == 400)
        #expect(try Set(answer.pointers) == ["/limit", "/sort", "/colour", "/price[gt]"])
    }

    @Test func `refuses the cursor of another list`() async throws {
        try await fill()
        let cursor = try #require(try await api.get("/v1/products?limit=1").json["next"]?.text)
        for query in ["sort=-id", "sort=price", "category_id=1", "title[ne]=Z"] {
            let answer = try await api.get("/v1/products?limit=1&\(query)&cursor=\(cursor)")
            #expect(answer.status == 400, "\(query)")
        }
        #expect(try await api.get("/v1/categories?limit=1&cursor=\(cursor)").status == 400)
        #expect(try await api.get("/v1/products?limit=2&cursor=\(cursor)").status == 200)
    }

    @Test(arguments: ["limit=1", "cursor=x", "sort=id", "count=exact", "colour=red", "price[gt]=abc"])
    func `is counted by filters alone`(query: String) async throws {
        #expect(try await api.get("/v1/products/count?\(query)").status == 400)
    }

    @Test func `refuses a query that is not UTF-8`() async throws {
        #expect(try await api.get("/v1/products?title=%FF").status == 400)
        #expect(try await api.get("/v1/products?%FF=1").status == 400)
    }
}
