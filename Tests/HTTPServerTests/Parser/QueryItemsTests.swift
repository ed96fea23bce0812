import HTTPServer
import Testing

@Suite("Query items")
struct QueryItemsTests {
    @Test(
        "are the pairs between ampersands",
        arguments: [
            ("", []),
            ("a=1", ["a|1"]),
            ("a=1&b=2", ["a|1", "b|2"]),
            ("a=1&a=2", ["a|1", "a|2"]),
            ("a", ["a|"]),
            ("a=", ["a|"]),
            ("=1", ["|1"]),
            ("=", ["|"]),
            ("a=b=c", ["a|b=c"]),
            ("&", []),
            ("&&a=1&&b&", ["a|1", "b|"]),
            ("a=1;b=2", ["a|1;b=2"]),
            ("a=x%26y&b=z", ["a|x%26y", "b|z"]),
        ]
    )
    func items(_ query: String, _ expected: [String]) {
        let bytes = Array("/?\(query) HTTP/1.1".utf8)
        #expect(texts(QueryItems(ByteRange(2..<2 + query.utf8.count)), of: bytes) == expected)
    }

    @Test("come from the query of a head, still encoded")
    func head() {
        let bytes = Array("GET /p?title=a+b%C3%A4&limit=5 HTTP/1.0\r\n\r\n".utf8)
        var parser = RequestParser()
        _ = parser.next(in: bytes.span)
        #expect(texts(QueryItems(parser.head.query), of: bytes) == ["title|a+b%C3%A4", "limit|5"])
    }

    @Test("have names and values to compare and to decode")
    func parts() {
        let bytes = Array("t%C3%AFtle=a+b&limit=5".utf8)
        var items = QueryItems(ByteRange(0..<bytes.count))
        let names = [items.next(in: bytes.span)?.name, items.next(in: bytes.span)?.name]
        #expect(names.map { $0?.decodedQueryComponent(in: bytes.span) } == ["tïtle", "limit"])
        #expect(names.map { $0?.equals("limit", in: bytes.span) } == [false, true])
    }

    private func texts(_ items: QueryItems, of bytes: [UInt8]) -> [String] {
        var items = items
        var texts: [String] = []
        while let item = items.next(in: bytes.span) {
            texts.append("\(item.name.text(in: bytes.span))|\(item.value.text(in: bytes.span))")
        }
        return texts
    }
}
