import HTTPServer
import LarderTesting
import Model
import Testing

@testable import API

@Suite struct `A representation` {
    private static let tag = EntityTag(high: 0x0123_4567_89ab_cdef, low: 0xfedc_ba98_7654_3210)
    private static let tagText = #""0123456789abcdeffedcba9876543210""#
    private static let bytes = Array(#"{"id":1}"#.utf8)

    private func answer(
        _ target: String = "/v1/things", next: String? = nil, outcome: CacheOutcome? = nil,
        headers: KeyValuePairs<String, String> = [:]
    ) throws -> Answer {
        let context = ReadContext(deadline: 0)
        context.outcome = outcome
        let encoded = Encoded(bytes: Self.bytes, tag: Self.tag, next: next)
        return Answer(Response(encoded, to: try Request("GET", target, headers: headers), context))
    }

    @Test func `comes with its validator, and has to be revalidated`() throws {
        let answer = try answer()
        #expect(answer.status == 200)
        #expect(answer.response.body == Self.bytes)
        #expect(
            answer.fields == ["content-type": "application/json", "etag": Self.tagText, "cache-control": "private, no-cache"])
    }

    @Test(arguments: [tagText, "W/\(tagText)", "\"x\", \(tagText)", "*"])
    func `that the client has is not sent again`(list: String) throws {
        let answer = try answer(outcome: .hit(secondsLeft: 5), headers: ["If-None-Match": list])
        #expect(answer.status == 304)
        #expect(answer.response.body.isEmpty)
        #expect(
            answer.fields == [
                "etag": Self.tagText, "cache-control": "private, no-cache", "cache-status": "larder; hit; ttl=5",
            ])
    }

    @Test func `is not sent again when one of several If-None-Match lines has it`() throws {
        let answer = try answer(headers: ["If-None-Match": "\"x\"", "If-None-Match": Self.tagText])
        #expect(answer.status == 304)
    }

    @Test(arguments: [#""x""#, "0123456789abcdeffedcba9876543210", "", #""0123456789abcdeffedcba9876543210"#])
    func `that the client does not have is sent`(list: String) throws {
        let answer = try answer(headers: ["If-None-Match": list, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"])
        #expect(answer.status == 200)
        #expect(answer.response.body == Self.bytes)
    }

    private static let outcomes: [(CacheOutcome?, String?)] = [
        (nil, nil),
        (.hit(secondsLeft: 297), "larder; hit; ttl=297"),
        (.hit(secondsLeft: 0), "larder; hit; ttl=0"),
        (.unverified(secondsLeft: 12), "larder; hit; ttl=12; detail=unverified"),
        (.unverified(secondsLeft: -4), "larder; hit; ttl=-4; detail=stale-if-error"),
        (.stored, "larder; fwd=uri-miss; stored"),
        (.collapsed, "larder; fwd=miss; collapsed"),
        (.request, "larder; fwd=request"),
        (.bypass(.writeInFlight), "larder; fwd=bypass; detail=write-in-flight"),
        (.bypass(.unreachable), "larder; fwd=bypass; detail=cache-unreachable"),
        (.bypass(.closed), "larder; fwd=bypass; detail=closed"),
        (.bypass(.changing), "larder; fwd=bypass; detail=changing"),
    ]

    /// RFC 9211.
    @Test(arguments: outcomes.indices)
    func `says what the cache did`(index: Int) throws {
        let (outcome, text) = Self.outcomes[index]
        #expect(try answer(outcome: outcome)["cache-status"] == text)
    }

    @Test func `that is the last page links to no other`() throws {
        #expect(try answer()["link"] == nil)
    }

    @Test(arguments: [
        ("", "?cursor=NEXT"), ("?", "?cursor=NEXT"), ("?limit=2", "?limit=2&cursor=NEXT"), ("?cursor=OLD", "?cursor=NEXT"),
        ("?cursor=OLD&limit=2", "?limit=2&cursor=NEXT"), ("?limit=2&cursor=OLD&sort=-name", "?limit=2&sort=-name&cursor=NEXT"),
        ("?name[contains]=a%26b+c&sort=-name", "?name[contains]=a%26b+c&sort=-name&cursor=NEXT"),
        ("?cursors=1&xcursor=2", "?cursors=1&xcursor=2&cursor=NEXT"), ("?&&limit=2&", "?limit=2&cursor=NEXT"),
        ("?name=%C3%A9%22%3E", "?name=%C3%A9%22%3E&cursor=NEXT"),
    ])
    func `of a page links to the next one, and keeps all other parameters`(query: String, expected: String) throws {
        #expect(try answer("/v1/things\(query)", next: "NEXT")["link"] == "</v1/things\(expected)>; rel=\"next\"")
    }

    @Test(arguments: ["%63ursor=OLD", "c%75rsor=OLD", "%63%75%72%73%6f%72=OLD", "&&%63ursor=OLD&"])
    func `of a page links to the next one, however its own cursor was encoded`(query: String) throws {
        #expect(try answer("/v1/things?\(query)", next: "NEXT")["link"] == "</v1/things?cursor=NEXT>; rel=\"next\"")
    }

    @Test func `that the client has links to the next page too`() throws {
        let answer = try answer("/v1/things?limit=1", next: "NEXT", headers: ["If-None-Match": "*"])
        #expect(answer.status == 304)
        #expect(answer["link"] == "</v1/things?limit=1&cursor=NEXT>; rel=\"next\"")
    }
}
