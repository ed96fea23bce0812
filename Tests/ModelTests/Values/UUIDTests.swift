import Model
import Testing

@Suite struct `A UUID` {
    @Test func `is written in lowercase and read in either case`() throws {
        let text = "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"
        #expect(UUID(text)?.description == text)
        #expect(UUID("0192F0C1-2a5b-7C3D-8E4F-5A6B7C8D9E0F")?.description == text)
        #expect(UUID.zero.description == "00000000-0000-0000-0000-000000000000")
        #expect(UUID("ffffffff-ffff-ffff-ffff-ffffffffffff")?.description == "ffffffff-ffff-ffff-ffff-ffffffffffff")
    }

    @Test(arguments: [
        "", "0192f0c12a5b7c3d8e4f5a6b7c8d9e0f", "{0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f}", "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0",
        "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f0", "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0g", "0192f0c-12a5b-7c3d-8e4f-5a6b7c8d9e0f",
        "0192f0c1 2a5b 7c3d 8e4f 5a6b7c8d9e0f", " 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f", "0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0-",
    ])
    func `is not read from another form`(text: String) {
        #expect(UUID(text) == nil)
    }

    @Test func `of version 7 says so, and begins with the time`() throws {
        let before = Timestamp.now.microseconds / 1000
        let uuids = (0..<100).map { _ in UUID.v7() }
        let after = Timestamp.now.microseconds / 1000
        for uuid in uuids {
            let digits = Array(uuid.description)
            #expect(digits[14] == "7")
            #expect("89ab".contains(digits[19]))
            let milliseconds = try #require(Int64(String(digits[0..<8] + digits[9..<13]), radix: 16))
            #expect(before...after ~= milliseconds)
        }
        #expect(Set(uuids).count == 100)
    }

    @Test func `is ordered as its text is`() throws {
        let texts = [
            "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-8000-000000000000",
            "00000000-0000-0001-0000-000000000000",
            "7fffffff-ffff-ffff-ffff-ffffffffffff", "80000000-0000-0000-0000-000000000000",
            "ffffffff-0000-0000-0000-000000000000",
        ]
        #expect(texts.compactMap { UUID($0) }.shuffled().sorted().map(\.description) == texts)
    }
}
