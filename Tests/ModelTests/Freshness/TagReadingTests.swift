import Model
import Testing

/// The tags that operators name.
@Suite struct `The text of a tag` {
    @Test(arguments: [
        "shelves", "shelves:7", "gadgets", "gadgets:00000000-0000-7000-8000-000000000001", "gadgets/shelf_id=7",
        "gadgets/part_id=00000000-0000-7000-8000-000000000001", "jars/shelf_id=-1",
    ])
    func `is the name of one on which reads depend`(text: String) throws {
        #expect(try declared.tag(reading: text).name == text)
    }

    @Test func `may write an id in any way in which one is read`() throws {
        #expect(try declared.tag(reading: "shelves:007") == Shelf.tag(of: ID(7)))
        #expect(try declared.tag(reading: "gadgets:00000000-0000-7000-8000-00000000000A").name.hasSuffix("00a"))
        #expect(try declared.tag(reading: "jars/shelf_id=07").name == "jars/shelf_id=7")
    }

    @Test(arguments: [
        ("", "there is no resource ; expected is one of shelves, gadgets, jars"),
        ("cups", "there is no resource cups; expected is one of shelves, gadgets, jars"),
        ("gadget", "there is no resource gadget; perhaps gadgets is meant"),
        ("shelves/7", "shelves are not parted by 7; there is none"),
        (":7", "there is no resource ; expected is one of shelves, gadgets, jars"),
        ("shelves:", "the id of shelves is a whole number between -9223372036854775808 and 9223372036854775807"),
        ("shelves:x", "the id of shelves is a whole number between -9223372036854775808 and 9223372036854775807"),
        ("gadgets:7", "the id of gadgets is a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"),
        ("gadgets/", "gadgets are not parted by nothing; it is one of shelf_id, part_id"),
        ("gadgets/name=lamp", "gadgets are not parted by name; it is one of shelf_id, part_id"),
        ("gadgets/shelf=7", "gadgets are not parted by shelf; perhaps shelf_id is meant"),
        ("gadgets/shelf_id", "shelf_id is a whole number between -9223372036854775808 and 9223372036854775807"),
        ("gadgets/shelf_id=", "shelf_id is a whole number between -9223372036854775808 and 9223372036854775807"),
        ("gadgets/part_id=7", "part_id is a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"),
        ("jars/gadget_id=7", "jars are not parted by gadget_id; it is one of shelf_id"),
        (String(repeating: "x", count: 257), "it is too long"),
    ])
    func `that names no such tag says why`(text: String, reason: String) {
        let error = #expect(throws: InvalidTag.self) { try declared.tag(reading: text) }
        #expect(error?.reason == reason)
    }
}
