import Testing

@testable import RedisCache

@Suite struct `Commands` {
    private func encoded(_ arguments: [RedisArgument]) -> String {
        var buffer = GrowingBytes(capacity: 16)
        buffer.appendCommand(arguments)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    @Test func `are arrays of bulk strings`() {
        #expect(encoded(["GET", "a"]) == "*2\r\n$3\r\nGET\r\n$1\r\na\r\n")
        #expect(encoded(["ECHO", ""]) == "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n")
    }

    @Test func `count bytes and not characters`() {
        #expect(encoded(["é\r\n"]) == "*1\r\n$4\r\né\r\n\r\n")
    }

    @Test func `have arguments of every kind`() {
        let command = encoded([
            .bytes([0x61, 0]), .number(0), .number(-120), .number(1_234_567), .hexadecimal(0x0123_4567_89AB_CDEF),
            .key(prefix: [UInt8]("p:".utf8), name: "n"),
        ])
        #expect(
            command
                == "*6\r\n$2\r\na\0\r\n$1\r\n0\r\n$4\r\n-120\r\n$7\r\n1234567\r\n$16\r\n0123456789abcdef\r\n$3\r\np:n\r\n")
    }

    @Test func `follow each other in one buffer, which can be used again`() {
        var buffer = GrowingBytes(capacity: 16)
        buffer.appendCommand(["A"])
        buffer.appendCommand(["B"])
        let both = String(decoding: buffer.bytes, as: UTF8.self)
        buffer.removeAll(keeping: 16)
        let (isEmpty, capacity) = (buffer.isEmpty, buffer.capacity)
        buffer.appendCommand(["C"])
        let after = String(decoding: buffer.bytes, as: UTF8.self)
        #expect(both == "*1\r\n$1\r\nA\r\n*1\r\n$1\r\nB\r\n")
        #expect(isEmpty)
        #expect(capacity == 16)
        #expect(after == "*1\r\n$1\r\nC\r\n")
    }
}

@Suite struct `Replies` {
    /// What a reader makes of `text` that comes in pieces of `size` bytes.
    private func read(_ text: String, size: Int, limit: Int = 1 << 20) -> (values: [RedisValue], failure: RedisFailure?) {
        let reader = ReplyReader(limit: limit)
        var values: [RedisValue] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            rest.prefix(size).withUnsafeBytes { reader.feed($0) }
            rest = rest.dropFirst(size)
            loop: while true {
                switch reader.next() {
                case .reply(let reply): values.append(reply.copied())
                case .incomplete: break loop
                case .failed(let failure): return (values, failure)
                }
            }
        }
        return (values, nil)
    }

    private func text(_ string: String) -> RedisValue { .text(Array(string.utf8)) }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `of all kinds are read, in whatever pieces they come`(size: Int) {
        let (values, failure) = read(
            "+OK\r\n-ERR no\r\n:-7\r\n$-1\r\n$0\r\n\r\n$5\r\na\r\nb\0\r\n*-1\r\n*0\r\n*3\r\n$1\r\nx\r\n*2\r\n:1\r\n$-1\r\n+y\r\n",
            size: size)
        #expect(failure == nil)
        #expect(
            values == [
                text("OK"), .error("ERR no"), .integer(-7), .nothing, text(""), text("a\r\nb\0"), .nothing, .array([]),
                .array([text("x"), .array([.integer(1), .nothing]), text("y")]),
            ])
    }

    @Test func `with many elements need no more than memory`() {
        let (values, failure) = read("*5000\r\n" + String(repeating: ":1\r\n", count: 5000) + "+after\r\n", size: 4096)
        #expect(failure == nil)
        #expect(values == [.array(Array(repeating: .integer(1), count: 5000)), text("after")])
    }

    @Test func `that are not Redis' protocol are refused`() {
        guard case .malformedReply = read("HTTP/1.1 400 Bad Request\r\n", size: 100).failure else {
            Issue.record("it was not noticed")
            return
        }
    }

    @Test(arguments: [
        "$100000\r\n" + String(repeating: "x", count: 5000),
        "*3\r\n$400\r\n" + String(repeating: "x", count: 400) + "\r\n$700\r\n"
            + String(repeating: "x", count: 700) + "\r\n", "*1000\r\n" + String(repeating: ":1\r\n", count: 100),
    ])
    func `larger than allowed are refused before they are complete`(reply: String) {
        #expect(read(reply, size: 64, limit: 1000).failure == .replyTooLarge)
    }

    /// What a reader makes of bytes must not depend on their being a reply.
    @Test(arguments: 0..<20) func `may be anything, and are read or refused`(_: Int) {
        let pieces = [
            "*", "$", ":", "-", "+", "\r\n", "\n", "0", "1", "2", "9", "-1", "-2", "2147483647", "9223372036854775807", "x", "\0",
            "*1\r\n", "$1\r\n", "$-1\r\n",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 1...30)).map { _ in pieces.randomElement()! }.joined()
            let (values, failure) = read(text, size: Int.random(in: 1...9), limit: 4096)
            #expect(failure != nil || values.count <= text.utf8.count, "\(text.debugDescription)")
        }
    }
}
