import HTTPServer
import LarderTesting
import Testing

@testable import API

/// CORS: Fetch Standard, section 3.2.
@Suite struct `A page of another origin` {
    private let api = TestAPI()
    private static let shop = "https://shop.example.org"

    private func send(
        _ method: String, _ target: String, _ headers: KeyValuePairs<String, String>,
        _ origins: CrossOrigin.Origins = .listed(["http://localhost:3000", shop])
    ) async throws -> Answer {
        Answer(await FrontHandler(.any, origins, api.router).respond(to: try Request(method, target, headers: headers)))
    }

    @Test func `that is listed may read answers, and problems`() async throws {
        for (target, status) in [("/v1/categories", 200), ("/v1/categories/9", 404), ("/nothing", 404)] {
            let answer = try await send("GET", target, ["Origin": Self.shop])
            #expect(answer.status == status)
            #expect(answer["access-control-allow-origin"] == Self.shop)
            #expect(answer["access-control-expose-headers"]?.contains("ETag") == true)
            #expect(answer["vary"]?.contains("Origin") == true)
        }
    }

    @Test(arguments: [
        "https://evil.example.org", "https://shop.example.org.evil", "HTTPS://SHOP.EXAMPLE.ORG", "null", "", "http://localhost",
    ])
    func `that is not listed is told nothing`(origin: String) async throws {
        for headers in [["Origin": origin], ["Origin": origin, "Access-Control-Request-Method": "GET"]] as [KeyValuePairs] {
            for method in ["GET", "OPTIONS"] {
                let answer = try await send(method, "/v1/categories", headers)
                #expect(!answer.fields.keys.contains { $0.hasPrefix("access-control") })
                #expect(answer["vary"]?.contains("Origin") == true)
            }
        }
    }

    @Test func `of any origin may read where all may, and the answer is the same for all`() async throws {
        let answer = try await send("GET", "/v1/categories", ["Origin": "https://x.example"], .any)
        #expect(answer["access-control-allow-origin"] == "*")
        #expect(answer["vary"]?.contains("Origin") != true)
    }

    @Test func `no page is told so too, as caches must know`() async throws {
        let answer = try await send("GET", "/v1/categories", [:])
        #expect(answer["vary"]?.contains("Origin") == true)
        #expect(answer["access-control-allow-origin"] == nil)
    }

    @Test(arguments: ["GET", "POST", "PUT", "PATCH", "DELETE"])
    func `asks before it sends what forms cannot`(method: String) async throws {
        let headers: KeyValuePairs = [
            "Origin": Self.shop, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "if-match",
        ]
        let answer = try await send("OPTIONS", "/v1/categories/1", headers)
        #expect(answer.status == 204)
        #expect(answer["access-control-allow-origin"] == Self.shop)
        #expect(answer["access-control-allow-methods"]?.split(separator: ", ").contains(Substring(method)) == true)
        #expect(answer["access-control-allow-headers"]?.lowercased().contains("if-match") == true)
        #expect(answer["access-control-max-age"] == "7200")
        #expect(answer["allow"] != nil)
    }

    @Test func `asks in vain where nothing is`() async throws {
        let answer = try await send("OPTIONS", "/nothing", ["Origin": Self.shop, "Access-Control-Request-Method": "GET"])
        #expect(answer.status == 404)
        #expect(answer["access-control-allow-methods"] == nil)
    }

    @Test(arguments: [
        "https://shop.example.org", "http://localhost:3000", "http://127.0.0.1:8080,https://a.b", "http://[::1]:3000, https://x",
    ])
    func `is listed as browsers spell it`(text: String) {
        #expect(CrossOrigin.Origins(text)?.description == text.replacing(" ", with: ""))
    }

    @Test(arguments: [
        "", ",", "shop.example.org", "https://shop.example.org/", "https://Shop.example.org", "https://*.example.org", "null",
        "*,https://x",
        "https://x:443", "http://x:80", "http://x:0", "http://x:99999", "http://x:", "https://", "ftp://x", "https://x,",
        "https://x y",
        "https://u@x", "https://x?y", "http://x:080", "http://[::1",
    ])
    func `is not listed in another way`(text: String) {
        #expect(CrossOrigin.Origins(text) == nil)
    }
}
