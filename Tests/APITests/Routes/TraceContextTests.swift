import HTTPServer
import LarderTesting
import Testing

@testable import API

/// W3C Trace Context, level 2.
@Suite struct `A trace` {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"
    private let handler = FrontHandler(.any, nil, TestAPI().router)

    private func answer(_ traceparent: String) async throws -> Answer {
        Answer(await handler.respond(to: try Request("GET", "/v1/categories", headers: ["traceparent": traceparent])))
    }

    @Test func `goes on with a span of this service`() async throws {
        var spans: Set<Substring> = []
        for _ in 0..<10 {
            let answer = try await answer("00-\(Self.trace)-\(Self.parent)-00")
            let parts = try #require(answer["traceparent"]).split(separator: "-")
            #expect([parts[0], parts[1], parts[3]] == ["00", Substring(Self.trace), "00"])
            #expect(parts[2].utf8.count == 16 && parts[2] != Self.parent)
            spans.insert(parts[2])
            #expect(answer["server-timing"] == nil)
        }
        #expect(spans.count == 10)
    }

    @Test(arguments: [("01", "01"), ("00", "00"), ("03", "03"), ("ff", "03"), ("08", "00")])
    func `keeps the flags that are known`(given: String, kept: String) async throws {
        #expect(try await answer("00-\(Self.trace)-\(Self.parent)-\(given)")["traceparent"]?.hasSuffix("-\(kept)") == true)
    }

    @Test func `that is recorded hears how long the answer took`() async throws {
        let timing = try #require(try await answer("00-\(Self.trace)-\(Self.parent)-01")["server-timing"])
        #expect(timing.wholeMatch(of: /total;dur=\d+\.\d{3}/) != nil)
    }

    @Test(arguments: ["01-\(trace)-\(parent)-01", "01-\(trace)-\(parent)-01-more", "fe-\(trace)-\(parent)-01-"])
    func `of a later version goes on in this one`(given: String) async throws {
        #expect(try await answer(given)["traceparent"]?.hasPrefix("00-\(Self.trace)-") == true)
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-", "00-\(trace)-\(parent)-1", "00-\(trace)-\(parent)-01-more",
        "00-\(trace)-\(parent)-011", "ff-\(trace)-\(parent)-01", "00-\(trace.uppercased())-\(parent)-01",
        "00_\(trace)-\(parent)-01",
        "00-00000000000000000000000000000000-\(parent)-01", "00-\(trace)-0000000000000000-01", "0x-\(trace)-\(parent)-01",
        "00-\(trace)-\(parent)-0g", "01-\(trace)-\(parent)-01more", "00-\(trace.dropLast())g-\(parent)-01",
    ])
    func `that is malformed is ignored`(given: String) async throws {
        let answer = try await answer(given)
        #expect(answer.status == 200)
        #expect(answer["traceparent"] == nil)
        #expect(answer["server-timing"] == nil)
    }

    @Test func `that is given twice is ignored`() async throws {
        let value = "00-\(Self.trace)-\(Self.parent)-01"
        let request = try Request("GET", "/v1/categories", headers: ["traceparent": value, "traceparent": value])
        #expect(Answer(await handler.respond(to: request))["traceparent"] == nil)
    }

    /// Notes what the log would have.
    private final class Noting: RequestHandler {
        var noted: TraceContext?

        func respond(to request: Request) async -> Response {
            noted = TraceContext(of: request)
            return Response(.ok)
        }

        func refusal(of request: Request, status: Int, _ detail: String) -> Response { Response(Status(status)) }
    }

    @Test func `is the same in the log and in the answer`() async throws {
        let noting = Noting()
        let request = try Request("GET", "/", headers: ["traceparent": "00-\(Self.trace)-\(Self.parent)-01"])
        let answer = Answer(await FrontHandler(.any, nil, noting).respond(to: request))
        let noted = try #require(noting.noted)
        #expect(answer["traceparent"] == "00-\(noted.traceID)-\(noted.spanID)-01")
    }
}
