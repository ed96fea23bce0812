import Domain
import HTTPServer
import LarderTesting
import Model
import Testing

@testable import API

@Suite struct `The description of the API` {
    private let api = TestAPI()

    private var document: JSON { get throws { try JSON(api.larder.description) } }

    @Test func `has an operation for each route, and no other`() throws {
        let routes = api.router.routes.map { "\($0.method.name) \($0.pattern)" }
        #expect(try operations.map { "\($0.method.uppercased()) \($0.path)" }.sorted() == routes.sorted())
    }

    @Test func `has each name once, be it of an operation, of a schema or of something else`() throws {
        let ids = try operations.map { $0.operation["operationId"]?.text }
        #expect(Set(ids).count == ids.count)
        #expect(throws: Never.self) { try JSONReader.read(api.larder.description) }
    }

    /// Each operation with its method and its path.
    private var operations: [(method: String, path: String, operation: JSON)] {
        get throws {
            guard case .object(let paths) = try document["paths"] else { return [] }
            return paths.flatMap { path, item in
                (item.names ?? []).subtracting(["parameters"]).map { ($0, path, item[$0] ?? nil) }
            }
        }
    }

    @Test func `is served with a validator`() async throws {
        let answer = try await api.get("/openapi.json")
        #expect(answer.status == 200)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "private, no-cache")
        #expect(try answer.json == document)
        let tag = try #require(answer["etag"])
        #expect(try await api.get("/openapi.json", headers: ["If-None-Match": tag]).status == 304)
        #expect(try await api.send("HEAD", "/openapi.json")["etag"] == tag)
        #expect(try await api.get("/openapi.json?x=1").status == 400)
    }

    @Test func `says of each field what is declared`() throws {
        let input = try #require(try document["components"]?["schemas"]?["ProductInput"])
        #expect(input["required"] == ["category_id", "title", "actor", "price"])
        #expect(input["additionalProperties"] == false)
        #expect(input["properties"]?["title"]?["maxLength"] == 200)
        #expect(input["properties"]?["price"]?["pattern"] == #"^[0-9]{1,12}(\.[0-9]{1,2})?$"#)
        #expect(input["properties"]?["stock"]?["maximum"] == 1_000_000_000)
        #expect(input["properties"]?["stock"]?["default"] == 0)
        #expect(input["properties"]?["id"] == nil)
        let schemas = try document["components"]?["schemas"]
        #expect(schemas?["CustomerInput"]?["properties"]?["state"]?["type"] == ["string", "null"])
        #expect(schemas?["OrderInput"]?["properties"]?["total_amount"] == nil)
        #expect(schemas?["Order"]?["properties"]?["total_amount"]?["readOnly"] == true)
        #expect(schemas?["Article"]?["properties"]?["status"]?["enum"] == ["draft", "published"])
        #expect(schemas?["OrderWithLines"]?["required"] == ["order_date", "customer_id", "lines"])
        #expect(schemas?["OrderWithLines"]?["properties"]?["lines"]?["maxItems"] == 100)
        #expect(schemas?["OrderShown"]?["properties"]?["lines"]?["items"]?["required"] == ["product_id", "quantity"])
        #expect(schemas?["OrderInput"]?["properties"]?["status"] == nil)
        #expect(schemas?["Order"]?["properties"]?["status"]?["readOnly"] == true)
    }

    @Test func `has a parameter for each comparison that a field has`() throws {
        let parameters = try #require(try document["components"]?["parameters"]?.names)
        let of = { (field: String) in Set(parameters.filter { $0.hasPrefix(field + ".") }.map { $0.dropFirst(field.count + 1) }) }
        let every: Set<Substring> = ["eq", "ne", "lt", "lte", "gt", "gte", "in"]
        #expect(of("products.price") == every)
        #expect(of("products.title") == every.union(["contains"]))
        #expect(of("customers.age") == every.union(["null"]))
        #expect(of("customers.state") == every.union(["contains", "null"]))
    }

    @Test func `names the fields that pages of other origins may send and read`() throws {
        let parameters = try #require(try document["components"]?["parameters"])
        let sent = (parameters.names ?? []).filter { parameters[$0]?["in"] == "header" }
        // Browsers choose the coding, and have no trace to go on with.
        let others: Set = ["Authorization", "Content-Type", "tracestate"]
        #expect(
            Set(CrossOrigin.allowed.split(separator: ", ").map(String.init))
                == sent.subtracting(["Accept-Encoding"]).union(others))

        let answered = Set(AnswerHeader.all.map(\.name))
        let forBrowsers: Set = [
            "Vary", "Content-Encoding", "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy",
            "Cache-Control",  // Fetch Standard: CORS-safelisted response-header name
        ]
        #expect(
            Set(CrossOrigin.exposed.split(separator: ", ").map(String.init))
                == answered.subtracting(forBrowsers).filter { !$0.hasPrefix("Access-Control-") })
    }

    @Test func `says which Idempotency-Key is one`() throws {
        let pattern = try #require(try document["components"]?["parameters"]?["Idempotency-Key"]?["schema"]?["pattern"]?.text)
        let regex = try Regex(pattern)
        let longest = String(repeating: "k", count: IdempotencyKey.maximumLength)
        let others = ["", "\"", "\"\"", "\"k", "k\"", "a b", "a,b", "a;b", "a\\b", "ü", longest + "k", "\"\(longest)k\""]
        for text in ["k", "\"k\"", longest, "\"\(longest)\"", "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~"] + others {
            #expect((IdempotencyKey.name(in: text) != nil) == (text.wholeMatch(of: regex) != nil), "\(text)")
        }
    }

    @Test func `names the type of each problem`() async throws {
        let types = try #require(try document["components"]?["schemas"]?["Problem"]?["properties"]?["type"]?["enum"]?.elements)
        let requests: [(String, String, String?, KeyValuePairs<String, String>)] = [
            ("GET", "/v1/products/x", nil, [:]), ("GET", "/v1/products?x=1", nil, [:]), ("GET", "/v1/products/1", nil, [:]),
            ("GET", "/", nil, [:]), ("DELETE", "/v1/products", nil, [:]), ("GET", "/v1/products", nil, ["Accept": "text/html"]),
            ("POST", "/v1/products", nil, [:]), ("POST", "/v1/products", "", [:]), ("POST", "/v1/products", "{}", [:]),
            ("POST", "/v1/products", "{}", ["Content-Type": "text/html"]),
            ("POST", "/v1/products", "{}", ["Idempotency-Key": ","]),
            ("POST", "/v1/orders", #"{"order_date":"2024-02-29","customer_id":1,"net_amount":"1","tax":"1"}"#, [:]),
        ]
        for (method, target, body, headers) in requests {
            let type = try #require(try await api.send(method, target, body, headers: headers).json["type"])
            #expect(types.contains(type))
        }
    }

    @Test func `has examples that the service takes`() async throws {
        // Parents come first. The ids of the examples are made up, so each refers to the rows that came of those before.
        var ids: [String: JSON] = [:]
        let document = try document
        for schema in declarations.schemas {
            let post = document["paths"]?["/v1/\(schema.resource)"]?["post"]
            let example = try #require(post?["requestBody"]?["content"]?["application/json"]?["example"])
            let body = example.replacing(schema.idMembers, by: ids)
            let answer = try await api.post("/v1/\(schema.resource)", body.source)
            #expect(answer.status == 201, "\(schema.resource): \(answer.text)")
            ids[schema.resource] = try answer.json["id"]
        }
        #expect(ids.count == declarations.schemas.count)
    }

    @Test func `has no examples whose ids have to be those of the rows`() throws {
        let references = ["shelf_id": "shelves", "owner_id": "users"]
        let example: JSON = ["shelf_id": 1, "owner_id": "a", "name": "x", "lines": [["shelf_id": 1, "count": 1]]]
        let expected: JSON = ["shelf_id": "b", "owner_id": 7, "name": "x", "lines": [["shelf_id": "b", "count": 1]]]
        #expect(example.replacing(references, by: ["shelves": "b", "users": 7]) == expected)
    }
}

extension Schema {
    /// The resources that fields of a body name rows of, by the names of the fields.
    fileprivate var idMembers: [String: String] {
        let columns = fieldColumns + (declarations.creation(of: self)?.columns ?? [])
        return Dictionary(columns.compactMap { column in column.rules.references.map { (column.name, $0) } }) { own, _ in own }
    }
}

extension JSON {
    /// The same with the ids of rows of these resources in place of those in the members that refer to them.
    ///
    /// - Parameter references: the resource of each member that is an id.
    fileprivate func replacing(_ references: [String: String], by ids: [String: JSON]) -> JSON {
        switch self {
        case .array(let elements): return .array(elements.map { $0.replacing(references, by: ids) })
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, value in
                        let id = value == .null ? nil : references[name].flatMap { ids[$0] }
                        return (name, id ?? value.replacing(references, by: ids))
                    }))
        default: return self
        }
    }
}

extension JSON {
    /// Its text.
    fileprivate var source: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .string(let text): "\"\(text)\""
        case .array(let elements): "[" + elements.map(\.source).joined(separator: ",") + "]"
        case .object(let members): "{" + members.map { "\"\($0)\":\($1.source)" }.joined(separator: ",") + "}"
        }
    }
}
