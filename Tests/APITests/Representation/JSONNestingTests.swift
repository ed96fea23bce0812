import HTTPServer
import LarderTesting
import Testing

@testable import API

@Suite struct `A JSON text that is nested` {
    private static func isRead(_ text: String) -> Bool { (try? JSONReader.read(Array(text.utf8))) != nil }

    private static func nested(_ open: String, _ close: String, _ depth: Int) -> String {
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}"), ("[ ", "\n]")])
    func `is read to a depth that no client needs, and refused beyond`(open: String, close: String) {
        for depth in [1, 2, JSONReader.maximumDepth] { #expect(Self.isRead(Self.nested(open, close, depth))) }
        for depth in [JSONReader.maximumDepth + 1, 512, 10_000] { #expect(!Self.isRead(Self.nested(open, close, depth))) }
    }

    @Test func `side by side may be long`() {
        #expect(Self.isRead("[" + Array(repeating: "[[]]", count: 100_000).joined(separator: ",") + "]"))
    }

    private static let count = 100_000
    private static let deep = [
        String(repeating: "[", count: count), String(repeating: #"{"a":"#, count: count), nested("[", "]", count),
        nested(#"{"a":"#, "}", count), nested(#"[{"a":"#, "}]", count), #"{"name": "# + nested("[", "]", count) + "}",
        #"{"lines": "# + nested(#"[{"lines":"#, "}]", count) + "}",
    ]

    /// Workers run on threads with the system's usual stack, of megabytes.
    @Test(arguments: deep.indices)
    func `does not need a deep stack`(index: Int) async {
        let text = Self.deep[index]
        #expect(await onThread(stackBytes: 256 << 10) { Self.isRead(text) } == false)
    }

    @Test func `as deeply as it may be does not need a deep stack`() async {
        let text = Self.nested(#"{"a":"#, "}", JSONReader.maximumDepth)
        #expect(await onThread(stackBytes: 256 << 10) { Self.isRead(text) })
    }

    @Test func `does no harm to a worker`() async throws {
        for text in Self.deep where text.utf8.count < RequestParser.Limits().maxBody {
            let statuses = try await onLoop { _ in
                let api = TestAPI()
                var statuses: [Int] = []
                for path in ["/v1/categories", "/v1/orders"] { statuses.append(try await api.post(path, text).status) }
                return statuses
            }
            #expect(statuses == [400, 400])
        }
    }
}
