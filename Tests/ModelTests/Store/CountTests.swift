import Model
import Testing

@Suite struct `A count` {
    @Test(arguments: [0, 1, 10_000, .max] as [Int64])
    func `can be read from its representation`(number: Int64) {
        #expect(Count(Encoded(Count(number)))?.count == number)
    }

    @Test(arguments: ["", "{}", #"{"count":}"#, #"{"count":1"#, #"{"count":"1"}"#, #"{"id":1}"#, #"{"count":1,"next":null}"#])
    func `cannot be read from anything else`(text: String) {
        let bytes = Array(text.utf8)
        #expect(Count(Encoded(bytes: bytes, tag: EntityTag(of: bytes))) == nil)
    }
}
