import Bytes
import Testing

@Suite struct `A line` {
    private func all(_ line: FIFO<Int>) -> [Int] { (0..<line.count).map { line[$0] } }

    @Test func `lets out in the order in which they came`() {
        var line = FIFO<Int>()
        #expect(line.isEmpty)
        #expect(line.popFirst() == nil)
        for number in 1...3 { line.append(number) }
        #expect(line.first == 1)
        #expect(line.popFirst() == 1)
        line.append(4)
        #expect(all(line) == [2, 3, 4])
        #expect(line.count == 3)
        line[1] *= 10
        #expect(all(line) == [2, 30, 4])
    }

    @Test func `keeps its order when it never runs empty`() {
        var line = FIFO<Int>()
        var expected = 0
        for number in 0..<1_000 {
            line.append(number)
            if number >= 50 {
                #expect(line.popFirst() == expected)
                expected += 1
            }
        }
        #expect(all(line) == Array(950..<1_000))
    }

    @Test func `lets go of those who leave it from its middle`() {
        var line = FIFO<Int>()
        for number in 1...6 { line.append(number) }
        _ = line.popFirst()
        #expect(line.removeAll { $0.isMultiple(of: 2) } == [2, 4, 6])
        #expect(all(line) == [3, 5])
        #expect(line.removeAll { $0 > 9 } == [])
        #expect(line.count == 2)
    }
}
