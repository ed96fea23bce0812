import HTTPServer
import LarderTesting
import Model
import Testing

@testable import API

/// RFC 9457.
@Suite struct `A problem` {
    @Test func `has type, title, status and detail`() throws {
        let answer = Answer(Problem(status: .notFound, type: "not-found", detail: "There is no \"x\".").response)
        #expect(answer.status == 404)
        #expect(
            answer.text
                == #"{"type":"/problems/not-found","title":"Not Found","status":404,"detail":"There is no \"x\"."}"#)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["retry-after"] == nil)
        #expect(answer["etag"] == nil)
    }

    @Test func `of invalid input has what is wrong with each part`() throws {
        let problems = [FieldProblem(field: "price", "is missing"), FieldProblem(pointer: "/a~1b", detail: "is \"unknown\"")]
        let answer = Answer(Problem(DomainError.invalid(problems)).response)
        #expect(answer.status == 422)
        #expect(try answer.json.names == ["type", "title", "status", "detail", "errors"])
        #expect(
            try answer.json["errors"] == [
                ["pointer": "/price", "detail": "is missing"], ["pointer": "/a~1b", "detail": "is \"unknown\""],
            ])
    }

    @Test func `has the first of several sentences, and lists the rest up to a limit`() throws {
        let problems = (1...101).map { FieldProblem(field: "a\($0)", "is missing") }
        let two = Answer(Problem(DomainError.invalid(Array(problems.prefix(2)))).response)
        #expect(try two.json["detail"] == "The content is not valid: /a1 is missing; errors lists more.")
        #expect(try two.pointers == ["/a1", "/a2"])
        #expect(try Answer(Problem(DomainError.invalid(problems)).response).pointers == problems.prefix(100).map(\.pointer))
        let parameters = (1...101).map { InvalidParameter("a\($0)", "is unknown") }
        let answer = Answer(Problem.invalidParameters(parameters).response)
        #expect(try answer.json["detail"] == "Parameter a1: is unknown; errors lists more.")
        #expect(try answer.pointers.count == 100)
    }

    @Test func `is small, however much is wrong and however long it is`() throws {
        let long = String(repeating: "e\u{301}\"", count: 100_000)
        let problems = (1...100_000).map {
            FieldProblem(field: long, "is unknown; the fields are \(String(repeating: "x", count: $0 % 500))")
        }
        #expect(Answer(Problem(DomainError.invalid(problems)).response).response.body.count < 20_000)
        let parameters = (1...1_000).map { _ in InvalidParameter(long, String(repeating: "y", count: 500)) }
        #expect(Answer(Problem.invalidParameters(parameters).response).response.body.count < 20_000)
    }

    private static let errors: [(DomainError, status: Int, type: String, pointers: [String])] = [
        (.invalid([FieldProblem(field: "a", "b")]), 422, "invalid", ["/a"]),
        (.notFound, 404, "not-found", []),
        (.duplicate(field: "email"), 409, "duplicate", ["/email"]),
        (.missingReference(field: "category_id", resource: "categories"), 409, "missing-reference", ["/category_id"]),
        (.stillReferenced(by: "products"), 409, "still-referenced", []),
        (.refused(Refusal(type: "too-late", detail: "It is over.")), 409, "too-late", []),
        (.preconditionFailed, 412, "precondition-failed", []),
        (.unavailable(retryAfterSeconds: 2), 503, "store-unavailable", []),
        (.unwritable(retryAfterSeconds: 5), 503, "store-unavailable", []),
        (.overloaded(retryAfterSeconds: 3), 503, "overloaded", []),
        (.deadlineExceeded, 504, "deadline-exceeded", []),
        (.contention, 503, "contention", []),
    ]

    @Test(arguments: errors.indices)
    func `says each error of the domain by its status and type`(index: Int) throws {
        let (error, status, type, pointers) = Self.errors[index]
        let answer = Answer(Problem(error).response)
        #expect(answer.status == status)
        #expect(try answer.json["type"] == .string("/problems/\(type)"))
        #expect(try answer.json["status"] == .integer(Int64(status)))
        #expect(try answer.pointers == pointers)
        #expect(try answer.json["detail"]?.text?.hasSuffix(".") == true)
        #expect((answer["retry-after"] != nil) == (status == 503))
    }

    @Test func `tells a store that does not write from one that is away`() throws {
        let details = try [DomainError.unavailable(retryAfterSeconds: 2), .unwritable(retryAfterSeconds: 5)].map {
            try #require(try Answer(Problem($0).response).json["detail"]?.text)
        }
        #expect(details[0].contains("cannot be reached"))
        #expect(details[1].contains("takes no writes") && !details[1].contains("cannot be reached"))
    }

    @Test func `says when trying again may help`() {
        #expect(Answer(Problem(DomainError.unavailable(retryAfterSeconds: 2)).response)["retry-after"] == "2")
        #expect(Answer(Problem(DomainError.overloaded(retryAfterSeconds: 3)).response)["retry-after"] == "3")
    }

    @Test func `has the sentence of an action that refuses`() throws {
        let reason = Refusal.Reason("too-late", example: "It is over.")
        let answer = Answer(Problem(reason.because("It was over at 7.")).response)
        #expect(try answer.json["detail"] == "It was over at 7.")
    }

    @Test func `has what clients sent as a JSON string, whatever it is`() throws {
        let detail = "\u{0}\u{1}\u{1F}\"\\\n\r\t/<script>\u{2028}é😀\u{7F}"
        let answer = Answer(Problem(status: .badRequest, type: "x", detail: detail).response)
        #expect(try answer.json["detail"] == .string(detail))
        #expect(answer.response.body.allSatisfy { $0 >= 0x20 })
    }

    @Test(arguments: [400, 404, 405, 408, 411, 413, 414, 417, 431, 501, 503, 505])
    func `is made of what the server itself refuses`(status: Int) throws {
        let answer = Answer(LarderAPI.failure(status, "A sentence."))
        #expect(answer.status == status)
        #expect(answer["content-type"] == "application/problem+json")
        #expect(try answer.json.names == ["type", "title", "status", "detail"])
        #expect(try answer.json["status"] == .integer(Int64(status)))
        #expect(try answer.json["title"]?.text?.isEmpty == false)
        #expect(try answer.json["detail"] == "A sentence.")
    }

    @Test(arguments: [(BodyError.tooLarge, 413), (.timedOut, 408), (.disconnected, 400), (.noRoom, 503)])
    func `is made of content that cannot be had`(error: BodyError, status: Int) throws {
        let answer = Answer(Problem(error).response)
        #expect(answer.status == status)
        #expect(answer["retry-after"] == (error == .noRoom ? "1" : nil))
        #expect(try answer.json["detail"] == .string(error.reason))
    }

    @Test func `of a parameter points at its name`() throws {
        let answer = Answer(
            Problem.invalidParameters([InvalidParameter("limit", "expects 1"), InvalidParameter("x", "y")]).response)
        #expect(answer.status == 400)
        #expect(try answer.pointers == ["/limit", "/x"])
    }

    @Test func `of a parameter points at its name as RFC 6901 writes it`() throws {
        let answer = Answer(Problem.invalidParameters([InvalidParameter("a/b~c", "is unknown")]).response)
        #expect(try answer.pointers == ["/a~1b~0c"])
    }
}
