import HTTPServer
import LarderTesting
import Model
import Testing

@testable import API

/// RFC 9110, sections 8.4, 8.8.3.3 and 12.5.3.
@Suite struct `Accept-Encoding` {
    private static let wanting = [
        "gzip", "GZIP", "x-gzip", "gzip, deflate, br, zstd", "br;q=1.0, gzip;q=0.8, *;q=0.1", "*", "gzip;q=0.001",
        "identity;q=0.5, gzip", "identity, gzip", "identity;q=0, *", "gzip;q=0, gzip",
    ]
    private static let refusing = [
        "", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=0, *", "identity, gzip;q=0.5", "gzip;q=2", "gzipped", "deflate, br",
        "x=\"gzip\"",
    ]

    private func coding(_ value: String) -> Coding { Coding(acceptEncoding: Array(value.utf8).span) }

    @Test(arguments: wanting)
    func `wants gzip`(value: String) { #expect(coding(value) == .gzip) }

    @Test(arguments: refusing)
    func `does not want gzip`(value: String) { #expect(coding(value) == .identity) }

    private let gzip: KeyValuePairs = ["Accept-Encoding": "gzip"]

    private func api(compresses: Bool = true) async throws -> TestAPI {
        let api = TestAPI(compresses: compresses)
        for number in 0..<20 { try await api.create("categories", #"{"name": "A name of some length, number \#(number)"}"#) }
        return api
    }

    @Test func `gets a long answer in gzip, with a tag of its own`() async throws {
        let api = try await api()
        let (plain, coded) = (try await api.get("/v1/categories"), try await api.get("/v1/categories", headers: gzip))
        #expect(coded["content-encoding"] == "gzip")
        #expect(coded.response.body.starts(with: [0x1f, 0x8b]))
        #expect(coded.response.body.count < plain.response.body.count / 2)
        let tag = try #require(plain["etag"])
        #expect(coded["etag"] == "\(tag.dropLast())-gzip\"")
        #expect(plain["content-encoding"] == nil)
        for answer in [plain, coded] { #expect(answer["vary"] == "Accept-Encoding") }
        let head = try await api.send("HEAD", "/v1/categories", headers: gzip)
        #expect(head.fields == coded.fields)
        #expect(head.response.body.count == coded.response.body.count)
    }

    @Test func `gets a short answer as it is`() async throws {
        let api = try await api()
        let (plain, coded) = (try await api.get("/v1/categories/1"), try await api.get("/v1/categories/1", headers: gzip))
        #expect(coded.fields == plain.fields)
        #expect(coded.response.body == plain.response.body)
        #expect(coded["vary"] == "Accept-Encoding")
    }

    @Test func `does not matter to conditions`() async throws {
        let api = try await api()
        let tags = [try await api.get("/v1/categories")["etag"], try await api.get("/v1/categories", headers: gzip)["etag"]]
        for tag in tags.compactMap(\.self) {
            let plain = try await api.get("/v1/categories", headers: ["If-None-Match": tag])
            let coded = try await api.get("/v1/categories", headers: ["If-None-Match": tag, "Accept-Encoding": "gzip"])
            #expect([plain.status, coded.status] == [304, 304])
            #expect([plain["etag"], coded["etag"]] == tags)
            #expect(coded["content-encoding"] == nil)
            #expect(coded["vary"] == "Accept-Encoding")
        }
        let row = try #require(try await api.get("/v1/categories/1")["etag"])
        let answer = try await api.patch("/v1/categories/1", #"{"name": "x"}"#, headers: ["If-Match": "\(row.dropLast())-gzip\""])
        #expect(answer.status == 200)
    }

    @Test func `does not matter to a service that compresses nothing`() async throws {
        let api = try await api(compresses: false)
        let answer = try await api.get("/v1/categories", headers: gzip)
        #expect(answer["content-encoding"] == nil)
        #expect(answer["vary"] == nil)
        #expect(answer.text.hasPrefix("{"))
    }
}
