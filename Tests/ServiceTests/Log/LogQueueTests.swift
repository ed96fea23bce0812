import LarderTesting
import Testing

@testable import Service

@Suite struct `Lines that wait to be written` {
    @Test func `are taken in their order, all at once`() {
        var queue = LogQueue(capacity: 100)
        let mustBegin = (queue.append("a\n"), queue.append("b\n"))
        #expect(mustBegin == (true, false), "who writes already will see the second line")
        let taken = queue.take()
        #expect(taken?.lines == Array("a\nb\n".utf8))
        #expect(taken?.dropped == 0)
        #expect(!queue.isIdle, "until it is asked again, what was taken may be unwritten")
        let rest = queue.take()
        #expect(rest == nil)
        #expect(queue.isIdle)
        let mustBeginAgain = queue.append("c\n")
        #expect(mustBeginAgain)
    }

    @Test func `are dropped beyond what there is room for, and counted`() {
        var queue = LogQueue(capacity: 4)
        for line in ["aa\n", "bb\n", "c\n"] { _ = queue.append(line) }
        let taken = queue.take()
        #expect(taken?.lines == Array("aa\n".utf8))
        #expect(taken?.dropped == 2, "nothing fills up the gap, so that it has one place")
    }

    @Test func `fill the room to the last byte`() {
        var queue = LogQueue(capacity: 4)
        _ = queue.append("ab\n")
        _ = queue.append("\n")
        let dropped = queue.take()?.dropped
        #expect(dropped == 0)
    }

    @Test func `are counted though none of them fits`() {
        var queue = LogQueue(capacity: 2)
        let mustBegin = queue.append("too long\n")
        #expect(mustBegin, "somebody has to say so")
        let taken = queue.take()
        #expect(taken?.lines == [])
        #expect(taken?.dropped == 1)
    }

    /// Each line has its number, so that what comes out can be held against what went in.
    @Test(arguments: 1...200)
    func `are each written once or counted once, in their order, whatever happens when`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let capacity = Int.random(in: 0...60, using: &random)
        var queue = LogQueue(capacity: capacity)
        var appended = 0
        var accounted = 0
        var isWriting = false

        func take() {
            guard let (lines, dropped) = queue.take() else {
                isWriting = false
                return
            }
            #expect(lines.count <= capacity)
            for line in String(decoding: lines, as: UTF8.self).split(separator: "\n") {
                #expect(line.prefix { $0 != "." } == "\(accounted)")
                accounted += 1
            }
            accounted += dropped
            #expect(accounted == appended, "all that came before was taken")
        }

        for _ in 0..<300 {
            if Bool.random(using: &random) {
                let padding = String(repeating: ".", count: Int.random(in: 0...20, using: &random))
                let mustBegin = queue.append("\(appended)\(padding)\n")
                #expect(mustBegin == !isWriting, "one writes at a time, and one does")
                appended += 1
                isWriting = true
            } else if isWriting {
                take()
            }
            #expect(queue.isIdle == !isWriting)
        }
        while isWriting { take() }
        #expect(accounted == appended)
    }
}
