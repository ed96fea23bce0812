import HTTPServer
import LarderTesting
import Testing

@testable import API

@Suite struct `Request ids` {
    private final class Constant: RequestHandler {
        func respond(to request: Request) async -> Response {
            var response = Response(.ok, body: [1])
            response.fields.append("ETag", "\"x\"")
            return response
        }

        func refusal(of request: Request, status: Int, _ detail: String) -> Response { Response(Status(status)) }
    }

    private let handler = FrontHandler(.any, nil, Constant())

    private func id(_ headers: KeyValuePairs<String, String> = [:]) async throws -> String? {
        Answer(await handler.respond(to: try Request("GET", "/", headers: headers)))["x-request-id"]
    }

    private func isMade(_ id: String?) -> Bool {
        id?.utf8.count == 16 && id!.utf8.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 }
    }

    @Test(arguments: [
        "a", "0", "-", "_", ".", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "Trace_01.B", String(repeating: "x", count: 128),
    ])
    func `that are sane are taken over`(given: String) async throws {
        #expect(try await id(["X-Request-Id": given]) == given)
        #expect(try await id(["x-request-id": given]) == given)
    }

    @Test(arguments: [
        "", "a b", "a,b", "a\tb", "a;b", "a=b", "a:b", "a/b", "\"a\"", "<script>", "é", "a%0d%0aSet-Cookie",
        String(repeating: "x", count: 129),
    ])
    func `that are not sane are replaced`(given: String) async throws {
        let id = try await id(["X-Request-Id": given])
        #expect(isMade(id), "\(id ?? "none")")
    }

    @Test func `that are given twice are replaced`() async throws {
        #expect(isMade(try await id(["X-Request-Id": "a", "X-Request-Id": "b"])))
    }

    @Test func `that are not given are made, each once`() async throws {
        var seen: Set<String> = []
        for _ in 0..<5_000 {
            let id = try await id()
            #expect(isMade(id))
            seen.insert(id ?? "")
        }
        #expect(seen.count == 5_000)
    }

    @Test func `of two workers are different`() async throws {
        let other = FrontHandler(.any, nil, Constant())
        var theirs: Set<String> = []
        var ours: Set<String> = []
        for _ in 0..<100 {
            theirs.insert(Answer(await other.respond(to: try Request("GET", "/")))["x-request-id"] ?? "")
            ours.insert(try await id() ?? "")
        }
        #expect(ours.isDisjoint(with: theirs))
    }

    @Test func `are added to an answer that is otherwise left alone`() async throws {
        let answer = Answer(await handler.respond(to: try Request("GET", "/", headers: ["X-Request-Id": "a"])))
        #expect(answer.fields == ["etag": "\"x\"", "x-request-id": "a"])
        #expect(answer.response.body == [1])
    }

    /// Notes the id that the log would have.
    private final class Noting: RequestHandler {
        var noted: [String] = []

        func respond(to request: Request) async -> Response {
            noted.append(RequestIDs.id(of: request))
            return Response(.ok)
        }

        func refusal(of request: Request, status: Int, _ detail: String) -> Response { Response(Status(status)) }
    }

    @Test func `are known to the log before they are answered`() async throws {
        let noting = Noting()
        let handler = FrontHandler(.any, nil, noting)
        for headers in [[:], ["X-Request-Id": "a"], ["X-Request-Id": "a b"], [:]] as [KeyValuePairs<String, String>] {
            let answer = Answer(await handler.respond(to: try Request("GET", "/", headers: headers)))
            #expect(answer["x-request-id"] == noting.noted.last)
        }
        #expect(Set(noting.noted).count == 4)
    }

    @Test func `are in answers that tell of problems`() async throws {
        let handler = FrontHandler(.any, nil, TestAPI().router)
        let answer = Answer(await handler.respond(to: try Request("GET", "/nothing", headers: ["X-Request-Id": "a"])))
        #expect(answer.status == 404)
        #expect(answer["x-request-id"] == "a")
    }
}
