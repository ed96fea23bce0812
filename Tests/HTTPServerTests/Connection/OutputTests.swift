import LarderTesting
import Testing

@testable import HTTPServer

@Suite struct `What a connection has to send` {
    @Test func `shows a long body where it lies, and does not copy it`() {
        let body = [UInt8](repeating: 1, count: 100_000)
        let output = Output(BufferPool())
        output.copied.append("head")
        output.append(shared: body)
        output.withNext { copied, shared in
            #expect(copied.elementsEqual("head".utf8))
            body.withUnsafeBytes { #expect(shared.baseAddress == $0.baseAddress && shared.count == $0.count) }
        }
        #expect(output.copied.count == 4)
        #expect(output.count == 100_004)
    }

    @Test(arguments: 0..<50)
    func `keeps the order of short and long bodies, however they are taken`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let output = Output(BufferPool())
        var expected: [UInt8] = []
        var sent: [UInt8] = []
        var appended: [[UInt8]] = []
        var finished: [[UInt8]] = []
        func take() {
            var taken: [UInt8] = []
            output.withNext { first, second in
                taken = Array((Array(first) + Array(second)).prefix(Int.random(in: 1...900, using: &random)))
            }
            sent += taken
            if let body = output.removeFirst(taken.count) { finished.append(body) }
        }
        for _ in 0..<60 {
            // Each byte tells where it stands.
            let bytes = (0..<Int.random(in: 0...600, using: &random)).map { UInt8(truncatingIfNeeded: expected.count + $0) }
            expected += bytes
            if Bool.random(using: &random) {
                output.append(shared: bytes)
                if !bytes.isEmpty { appended.append(bytes) }
            } else {
                bytes.withUnsafeBytes { output.copied.append($0) }
            }
            #expect(output.count == expected.count - sent.count)
            if !output.isEmpty, Bool.random(using: &random) { take() }
        }
        if seed % 2 == 0 {
            while !output.isEmpty { take() }
            #expect(sent == expected)
            #expect(finished == appended)
        } else {
            #expect(finished + output.removeAll() == appended)
        }
        #expect(output.isEmpty && !output.sharesBodies)
    }
}
