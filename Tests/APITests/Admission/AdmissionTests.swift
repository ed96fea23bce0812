import HTTPServer
import LarderTesting
import Testing

@testable import API

@Suite struct `What browsers are made to send` {
    /// Answers everything, and counts it.
    private final class Counter: RequestHandler {
        var requests = 0

        func respond(to request: Request) async -> Response {
            requests += 1
            return Response(.ok)
        }

        func refusal(of request: Request, status: Int, _ detail: String) -> Response { Response(Status(status)) }
    }

    private let counter = Counter()
    private static let json: KeyValuePairs = ["Content-Type": "application/json"]
    private static let changes = ["POST", "PUT", "PATCH", "DELETE"]

    /// `Host` is larder.example.
    private func send(
        _ method: String, _ headers: KeyValuePairs<String, String> = [:], body: String? = nil,
        hosts: Hosts = Hosts("larder.example")!, origins: CrossOrigin.Origins? = nil
    ) async throws -> Answer {
        let request = try Request(method, "/v1/categories/1", body, headers: headers)
        return Answer(await FrontHandler(hosts, origins, counter).respond(to: request))
    }

    private func isRefused(_ answer: Answer, _ status: Int, _ type: String) throws {
        #expect(answer.status == status)
        #expect(try answer.json["type"] == .string("/problems/\(type)"))
        #expect(answer["content-type"] == "application/problem+json")
        #expect(answer["cache-control"] == "no-store")
    }

    // MARK: Origins

    @Test(arguments: changes)
    func `is let in from this service's own pages`(method: String) async throws {
        for headers in [
            ["Sec-Fetch-Site": "same-origin", "Origin": "https://larder.example"], ["Origin": "https://larder.example"],
            ["Origin": "http://LARDER.example:80"], ["Sec-Fetch-Site": "none"],
            // A proxy has changed Host; the browser still knows.
            ["Sec-Fetch-Site": "same-origin", "Origin": "https://public.example"],
        ] as [KeyValuePairs<String, String>] {
            #expect(try await send(method, headers).status == 200, "\(headers)")
        }
    }

    @Test(arguments: changes)
    func `is turned away from all other pages, before anything is done`(method: String) async throws {
        for headers in [
            ["Origin": "https://evil.example"], ["Origin": "null"], ["Origin": ""], ["Origin": "https://larder.example.evil"],
            ["Origin": "http://larder.example:3000"], ["Origin": "larder.example"], ["Origin": "file://larder.example"],
            ["Origin": "https://larder.example", "origin": "https://evil.example"],
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Sec-Fetch-Site": "something-new"],
            ["Sec-Fetch-Site": "cross-site", "Origin": "https://larder.example"],
            ["Sec-Fetch-Site": "same-origin", "sec-fetch-site": "cross-site"],
        ] as [KeyValuePairs<String, String>] {
            try isRefused(try await send(method, headers), 403, "foreign-origin")
        }
        #expect(counter.requests == 0)
    }

    @Test(arguments: changes)
    func `is let in from pages of the origins that may`(method: String) async throws {
        let origins = CrossOrigin.Origins("https://shop.example,http://localhost:3000")!
        for site in ["cross-site", "same-site", "same-origin"] {
            for origin in ["https://shop.example", "http://localhost:3000"] {
                #expect(try await send(method, ["Sec-Fetch-Site": site, "Origin": origin], origins: origins).status == 200)
            }
        }
        #expect(try await send(method, ["Origin": "https://shop.example"], origins: origins).status == 200)
        let other: KeyValuePairs = ["Origin": "https://shop.example:444"]
        try isRefused(try await send(method, other, origins: origins), 403, "foreign-origin")
        for origin in ["https://evil.example", "null"] {
            #expect(try await send(method, ["Sec-Fetch-Site": "cross-site", "Origin": origin], origins: .any).status == 200)
        }
    }

    @Test func `is let in under a name of this service that is not the one in Host`() async throws {
        let hosts = Hosts("larder.example,public.example,other.example:8443")!
        for origin in ["https://public.example", "http://public.example:80", "https://other.example:8443"] {
            #expect(try await send("POST", ["Origin": origin], hosts: hosts).status == 200, "\(origin)")
        }
        for origin in ["https://public.example:8443", "https://other.example"] {
            try isRefused(try await send("POST", ["Origin": origin], hosts: hosts), 403, "foreign-origin")
        }
    }

    @Test(arguments: ["GET", "HEAD", "OPTIONS"])
    func `may ask for what changes nothing`(method: String) async throws {
        #expect(try await send(method, ["Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"]).status == 200)
    }

    @Test(arguments: changes)
    func `is let in from what is no browser`(method: String) async throws {
        #expect(try await send(method).status == 200)
        #expect(try await send(method, Self.json, body: "{}").status == 200)
    }

    // MARK: Hosts

    @Test(arguments: ["GET", "HEAD", "OPTIONS"] + changes)
    func `is turned away under a name that is not ours`(method: String) async throws {
        let answer = try await send(method, ["Sec-Fetch-Site": "same-origin"], hosts: .loopback)
        try isRefused(answer, 421, "misdirected")
        #expect(counter.requests == 0)
    }

    @Test func `is judged by the host of the target, if it has one`() async throws {
        let admission = FrontHandler(Hosts("larder.example")!, nil, counter)
        for (target, status) in [("http://larder.example/v1", 200), ("http://evil.example/v1", 421)] {
            let text = "GET \(target) HTTP/1.1\r\nHost: \(status == 200 ? "evil" : "larder").example\r\n\r\n"
            let answer = Answer(await admission.respond(to: try Request(parsing: Array(text.utf8))))
            #expect(answer.status == status)
        }
    }

    @Test func `is judged anew after each that was let in`() async throws {
        let admission = FrontHandler(Hosts("larder.example,x.example")!, nil, counter)
        for host in ["larder.example", "evil.example", "x.example", "larder.example", "larder.exampl", "x.example"] {
            let text = "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"
            let answer = Answer(await admission.respond(to: try Request(parsing: Array(text.utf8))))
            #expect(answer.status == (host.hasPrefix("evil") || host.hasSuffix("l") ? 421 : 200), "\(host)")
        }
    }

    // MARK: Bodies

    @Test(arguments: changes)
    func `says what its body is`(method: String) async throws {
        let answer = try await send(method, body: "{\"name\":\"x\"}")
        try isRefused(answer, 415, "unsupported-media-type")
        #expect(try answer.json["detail"]?.text?.contains("application/merge-patch+json") == (method == "PATCH"))
        #expect(answer["accept-patch"] == (method == "PATCH" ? "application/merge-patch+json, application/json" : nil))
        #expect(answer["accept-post"] == (method == "POST" ? "application/json" : nil))
        #expect(try await send(method, body: "").status == 200, "there is nothing to be said about nothing")
        let chunked = "\(method) / HTTP/1.1\r\nHost: larder.example\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        let request = try Request(parsing: Array(chunked.utf8))
        #expect(await FrontHandler(.any, nil, counter).respond(to: request).status == .unsupportedMediaType)
    }

    @Test(arguments: ["gzip", "br", "deflate", "GZIP", "identity, gzip", "gzip, identity", "x", "*", "identity;q=1"])
    func `is not understood in another coding`(coding: String) async throws {
        let answer = try await send("POST", ["Content-Type": "application/json", "Content-Encoding": coding], body: "{}")
        try isRefused(answer, 415, "unsupported-content-coding")
        #expect(answer["accept-encoding"] == "identity", "RFC 9110 section 15.5.16")
    }

    /// To `String`, letters of either case and spellings of one character are equal, which takes it half a second for one of these.
    @Test func `is told that it is not understood in a time that grows with its length alone`() async throws {
        let long = String(repeating: "\u{301}\u{316}", count: 15_000)
        let headers: KeyValuePairs = ["Content-Type": "application/json", "Content-Encoding": long]
        let requests = try (0..<10).flatMap { _ in
            try [headers, ["Origin": long]].map { try Request("POST", "/v1/categories/1", "{}", headers: $0) }
        }
        let front = FrontHandler(Hosts("larder.example")!, nil, counter)
        let duration = await ContinuousClock().measure {
            for request in requests { #expect(await front.respond(to: request).status != .ok) }
        }
        #expect(duration < .seconds(2))
    }

    @Test func `is told so with an excerpt of the coding, which can write nothing onto a terminal`() async throws {
        for coding in ["x" + String(repeating: "\u{301}", count: 10_000), "\u{9B}31mred"] {
            let answer = try await send("POST", ["Content-Type": "application/json", "Content-Encoding": coding], body: "{}")
            let detail = try #require(try answer.json["detail"]?.text)
            #expect(detail.utf8.count < 500 && !detail.unicodeScalars.contains("\u{9B}"))
        }
    }

    @Test(arguments: ["identity", "Identity", ""])
    func `may say that it is in no coding`(coding: String) async throws {
        let headers: KeyValuePairs = ["Content-Type": "application/json", "Content-Encoding": coding]
        #expect(try await send("POST", headers, body: "{}").status == 200)
    }

    // MARK: Together

    @Test func `is told so in an answer that the pages which may can read, with an id`() async throws {
        let listener = LarderAPI.listener(TestAPI().router, Hosts("larder.example")!, .listed(["https://shop.example"]))
        let headers: KeyValuePairs = ["Origin": "https://shop.example", "X-Request-Id": "mine"]
        let answer = Answer(await listener.respond(to: try Request("POST", "/v1/categories", "{}", headers: headers)))
        #expect(answer.status == 415)
        #expect(answer["access-control-allow-origin"] == "https://shop.example")
        #expect(answer["x-request-id"] == "mine")
    }

    @Test(arguments: [400, 408, 413, 414, 431, 503])
    func `is told so too when the server itself refuses it`(status: Int) async throws {
        let listener = LarderAPI.listener(TestAPI().router, .loopback, .listed(["https://shop.example"]))
        let headers: KeyValuePairs = ["Origin": "https://shop.example", "X-Request-Id": "mine"]
        let answer = Answer(listener.refusal(of: try Request("GET", "/", headers: headers), status: status, "A sentence."))
        #expect(answer.status == status)
        #expect(try answer.json["detail"] == "A sentence.")
        #expect(answer["access-control-allow-origin"] == "https://shop.example")
        #expect(answer["access-control-expose-headers"]?.contains("X-Request-Id") == true)
        #expect(answer["vary"] == "Origin")
        #expect(answer["x-request-id"] == "mine")
        let foreign = Answer(
            listener.refusal(of: try Request("GET", "/", headers: ["Origin": "https://x.example"]), status: status, "A sentence.")
        )
        #expect(foreign["access-control-allow-origin"] == nil)
        #expect(foreign["x-request-id"] != nil)
    }
}
