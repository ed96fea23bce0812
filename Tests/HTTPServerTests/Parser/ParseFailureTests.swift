import HTTPServer
import Testing

@Suite("Parse failures")
struct ParseFailureTests {
    @Test("are all shown by a sample", arguments: ParseFailure.allCases)
    func shown(_ failure: ParseFailure) {
        #expect(RequestSample.all.contains { $0.failure == failure })
    }

    @Test("have a status of their class, and a sentence as reason", arguments: ParseFailure.allCases)
    func texts(_ failure: ParseFailure) {
        #expect([400, 413, 414, 417, 431, 501, 505].contains(failure.status))
        #expect(failure.reason.hasSuffix(".") && failure.reason.first?.isUppercase == true)
        #expect(failure.reason.utf8.allSatisfy { 0x20..<0x7f ~= $0 && $0 != UInt8(ascii: "\"") }, "goes into JSON as it is")
    }

    @Test(
        "that are not simply a bad request have the status of their own",
        arguments: [
            (ParseFailure.bodyTooLarge, 413), (.requestLineTooLong, 414), (.unknownExpectation, 417),
            (.fieldSectionTooLarge, 431), (.tooManyFields, 431), (.trailerSectionTooLarge, 431),
            (.unknownTransferCoding, 501), (.connectUnsupported, 501), (.unsupportedVersion, 505),
        ]
    )
    func status(_ failure: ParseFailure, _ status: Int) {
        #expect(failure.status == status)
    }

    @Test("otherwise have the status 400")
    func badRequest() {
        #expect(ParseFailure.allCases.count { $0.status != 400 } == 9)
    }
}
