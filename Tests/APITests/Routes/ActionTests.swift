import API
import LarderTesting
import Testing

@Suite struct `An action that takes something` {
    private let api = TestAPI(Parcel.declarations)

    /// - Returns: the path of a new parcel.
    private func pack() async throws -> String {
        let parcel = try await api.create("parcels", #"{"label": "A", "weight": 700}"#)
        return "/v1/parcels/\(try #require(parcel["id"]?.text))"
    }

    @Test func `is done with it, and answers the row`() async throws {
        let path = try await pack()
        let answer = try await api.post("\(path)/send", #"{"carrier": "Snail", "is_insured": true}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["stage"] == "sent" && answer.json["carrier"] == "Snail+" && answer.json["version"] == 2)
        #expect(try await api.get(path).text == answer.text)
        #expect(answer["cache-control"] == "no-store")
    }

    @Test func `takes the defaults of what need not be given`() async throws {
        let answer = try await api.post("\(try await pack())/send", #"{"carrier": "Snail"}"#)
        #expect(try answer.json["carrier"] == "Snail")
    }

    @Test(arguments: [
        ("{}", ["/carrier": "is missing"]), (#"{"carrier": ""}"#, ["/carrier": "has 1 to 20 characters"]),
        (#"{"carrier": 7, "is_insured": "yes"}"#, ["/carrier": "expects a string", "/is_insured": "expects true or false"]),
        (
            #"{"carrier": "Snail", "stage": "sent"}"#,
            ["/stage": "is unknown; the fields are carrier, is_insured"]
        ), ("[]", ["": "expects a JSON object"]),
    ])
    func `is not done with something else`(body: String, problems: [String: String]) async throws {
        let path = try await pack()
        let answer = try await api.post("\(path)/send", body)
        #expect(answer.status == 422)
        #expect(try answer.problems == problems)
        #expect(try await api.get(path).json["stage"] == "packed")
    }

    @Test func `has to have a body`() async throws {
        let path = try await pack()
        #expect(try await api.send("POST", "\(path)/send").status == 411)
        #expect(try await api.post("\(path)/send", "").status == 400)
    }

    @Test func `that is refused answers why, and has done nothing`() async throws {
        let path = try await pack()
        let first = try await api.post("\(path)/send", #"{"carrier": "Snail"}"#)
        let answer = try await api.post("\(path)/send", #"{"carrier": "Hare"}"#)
        #expect(answer.status == 409)
        #expect(try answer.json["type"] == "/problems/is-sent" && answer.json["detail"] == "It is on its way already.")
        #expect(try await api.get(path).text == first.text)
    }

    @Test func `is described with what it takes, and with why it is refused`() throws {
        let document = try JSON(api.larder.description)
        let send = document["paths"]?["/v1/parcels/{id}/send"]?["post"]
        #expect(send?["operationId"] == "sendParcel" && send?["summary"] == "Send a parcel.")
        let content = send?["requestBody"]?["content"]?["application/json"]
        #expect(content?["schema"]?["required"] == ["carrier"])
        #expect(content?["example"]?.names == ["carrier", "is_insured"])
        #expect(document["paths"]?["/v1/parcels/{id}/call-back"]?["post"]?["operationId"] == "callBackParcel")
        #expect(document["paths"]?["/v1/parcels/{id}/call-back"]?["post"]?["requestBody"] == nil)
        let conflicts = document["components"]?["responses"]?["Conflict"]?["content"]?["application/problem+json"]?["examples"]
        #expect(conflicts?["is-sent"]?["value"]?["detail"] == "It is on its way already.")
    }

    @Test func `changes what nobody else can, and a row that is replaced keeps`() async throws {
        let path = try await pack()
        _ = try await api.post("\(path)/send", #"{"carrier": "Snail"}"#)
        let replaced = try await api.put(path, #"{"label": "B", "weight": 1}"#)
        #expect(try replaced.json["stage"] == "sent" && replaced.json["carrier"] == "Snail")
        #expect(try await api.post("\(path)/call-back", "{}").json["carrier"] == nil as JSON)
    }

    @Test func `is not taken for one of another name, nor by another method`() async throws {
        let path = try await pack()
        #expect(try await api.post("\(path)/burn", "{}").status == 404)
        #expect(try await api.get("\(path)/send").status == 405)
        #expect(try await api.get("\(path)/send")["allow"] == "POST, OPTIONS")
    }
}

@Suite struct `A row that is made with a list` {
    private let api = TestAPI(Parcel.declarations)

    private static func body(_ pieces: String, _ rest: String = #", "label": "A""#) -> String { "{\"pieces\": \(pieces)\(rest)}" }

    private static let two = #"[{"name": "Cup", "weight": 300, "is_fragile": true}, {"name": "Pan", "weight": 900}]"#

    @Test func `has what is computed from it, and owns it`() async throws {
        let answer = try await api.post("/v1/parcels", Self.body(Self.two))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(try answer.json["weight"] == 1200 && answer.json["stage"] == "packed")
        let shown = try await api.get("\(try #require(answer["location"]))?include=pieces").json
        #expect(
            shown["pieces"] == [
                ["name": "Cup", "weight": 300, "is_fragile": true], ["name": "Pan", "weight": 900, "is_fragile": false],
            ])
    }

    @Test func `is a plain row without it`() async throws {
        let answer = try await api.post("/v1/parcels", #"{"label": "A", "weight": 5}"#)
        #expect(answer.status == 201)
        #expect(try answer.json["weight"] == 5)
    }

    @Test func `may stand in an array, beside plain ones`() async throws {
        let bodies = [Self.body(Self.two), #"{"label": "B", "weight": 5}"#]
        let answer = try await api.post("/v1/parcels", "[\(bodies.joined(separator: ","))]")
        #expect(try answer.json["items"]?.elements?.map { $0["weight"] } == [1200, 5])
    }

    @Test(arguments: [
        (body("[]"), ["/pieces": "expects an array of 2 to 3 objects with name, weight and is_fragile"]),
        (body("7"), ["/pieces": "expects an array of 2 to 3 objects with name, weight and is_fragile"]),
        (body(two, #", "label": "A", "weight": 7"#), ["/weight": "is computed from the pieces"]),
        (body(two, ""), ["/label": "is missing"]),
        (
            body(#"[{"name": "Cup"}, 7]"#, #", "label": 1, "stage": "sent""#),
            [
                "/pieces/0/weight": "is missing", "/pieces/1": "expects a JSON object", "/label": "expects a string",
                "/stage": "is changed by its actions alone",
            ]
        ),
    ])
    func `hears of all that is wrong with it`(body: String, problems: [String: String]) async throws {
        let answer = try await api.post("/v1/parcels", body)
        #expect(answer.status == 422)
        #expect(try answer.problems == problems)
        #expect(try await api.get("/v1/parcels/count").json == ["count": 0])
    }

    @Test func `is not made if the action is refused`() async throws {
        let pieces = "[" + Array(repeating: #"{"name": "Safe", "weight": 1000}"#, count: 3).joined(separator: ",") + "]"
        let answer = try await api.post("/v1/parcels", Self.body(pieces))
        #expect(answer.status == 409)
        #expect(try answer.json["type"] == "/problems/too-heavy" && answer.json["detail"] == "The pieces weigh 3000 grams.")
        #expect(try await api.get("/v1/parcels/count").json == ["count": 0])
    }

    @Test func `is described beside the plain one`() throws {
        let document = try JSON(api.larder.description)
        let schema = document["components"]?["schemas"]?["ParcelWithPieces"]
        #expect(schema?["required"] == ["label", "pieces"])
        #expect(schema?["properties"]?.names == ["label", "pieces"])
        let pieces = schema?["properties"]?["pieces"]
        #expect(pieces?["minItems"] == 2 && pieces?["maxItems"] == 3)
        #expect(pieces?["items"]?["required"] == ["name", "weight"])
    }
}

@Suite struct `A view` {
    private let api = TestAPI(Parcel.declarations)

    @Test func `is computed from its row`() async throws {
        let parcel = try await api.create("parcels", #"{"label": "A", "weight": 1200}"#)
        let answer = try await api.get("/v1/parcels/\(try #require(parcel["id"]?.text))/postage")
        #expect(answer.text == #"{"total":"24.00","steps":[{"grams":500},{"grams":1000}]}"#)
        #expect(answer["etag"] != nil && answer["cache-control"] == "private, no-cache")
    }

    @Test func `is not there without its row`() async throws {
        #expect(try await api.get("/v1/parcels/0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f/postage").status == 404)
        #expect(try await api.get("/v1/parcels/7/postage").status == 400)
    }

    @Test func `is described by its record`() throws {
        let document = try JSON(api.larder.description)
        #expect(document["paths"]?["/v1/parcels/{id}/postage"]?["get"]?["operationId"] == "findParcelPostage")
        let schema = document["components"]?["schemas"]?["ParcelPostage"]
        #expect(schema?["required"] == ["total", "steps"])
        #expect(schema?["properties"]?["steps"]?["items"]?["required"] == ["grams"])
    }
}
