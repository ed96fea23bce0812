import LarderTesting
import Testing

@testable import HTTPServer

@Suite struct `A byte budget` {
    @Test func `takes all of what is asked for or nothing`() {
        var budget = ByteBudget(capacity: 10)
        let first = [budget.take(10), budget.take(1)]
        #expect(first == [true, false])
        budget.giveBack(4)
        let second = [budget.take(5), budget.take(4)]
        #expect(second == [false, true])
        #expect(budget.held == 10)
    }

    @Test func `of nothing has room for nothing`() {
        var budget = ByteBudget(capacity: 0)
        let taken = [budget.take(0), budget.take(1), budget.take(.max)]
        #expect(taken == [true, false, false])
    }

    @Test func `counts what many share once, until the last has given it back`() {
        var budget = ByteBudget(capacity: 10)
        let shares = (0..<3).map { _ in budget.takeShare(ofStorage: 7, 8) }
        #expect(shares == [true, true, true])
        #expect(budget.held == 8)
        #expect(budget.cost(ofStorage: 7, 8) == 0)
        let isRefused = !budget.takeShare(ofStorage: 9, 3)
        #expect(isRefused)
        for _ in 0..<2 { budget.giveBackShare(ofStorage: 7) }
        #expect(budget.held == 8)
        budget.giveBackShare(ofStorage: 7)
        #expect(budget.held == 0)
        let isTaken = budget.takeShare(ofStorage: 9, 3)
        #expect(isTaken)
    }

    @Test(arguments: 0..<200)
    func `is never exceeded, never negative, and empty when all clients have gone, whatever they did`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let capacity = Int.random(in: 0...4_000, using: &random)
        var budget = ByteBudget(capacity: capacity)
        // Storage has one size as long as somebody holds it, and may have another later.
        var sizes: [Int: Int] = [:]
        var clients = (0..<Int.random(in: 1...8, using: &random)).map { _ in Holder() }
        func expected() -> Int {
            let shares = Set(clients.flatMap(\.shares))
            return clients.reduce(0) { $0 + $1.own } + shares.reduce(0) { $0 + sizes[$1]! }
        }
        for _ in 0..<300 {
            let index = clients.indices.randomElement(using: &random)!
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let count = Int.random(in: 0...1_500, using: &random)
                let hasRoom = expected() + count <= capacity
                let isTaken = budget.take(count)
                #expect(isTaken == hasRoom)
                if hasRoom { clients[index].own += count }
            case 2:
                let count = Int.random(in: 0...clients[index].own, using: &random)
                budget.giveBack(count)
                clients[index].own -= count
            case 3:
                let storage = Int.random(in: 0..<6, using: &random)
                let isHeld = clients.contains { $0.shares.contains(storage) }
                let size = isHeld ? sizes[storage]! : Int.random(in: 0...1_500, using: &random)
                let hasRoom = expected() + (isHeld ? 0 : size) <= capacity
                let isTaken = budget.takeShare(ofStorage: storage, size)
                #expect(isTaken == hasRoom)
                guard hasRoom else { continue }
                sizes[storage] = size
                clients[index].shares.append(storage)
            case 4:
                guard let share = clients[index].shares.popLast() else { continue }
                budget.giveBackShare(ofStorage: share)
            default:
                clients[index].leave(&budget)
            }
            #expect(budget.held == expected())
            #expect(0...capacity ~= budget.held)
        }
        for index in clients.indices { clients[index].leave(&budget) }
        #expect(budget.held == 0)
        let isTaken = budget.take(capacity)
        #expect(isTaken)
    }

    private struct Holder {
        var own = 0
        var shares: [Int] = []

        mutating func leave(_ budget: inout ByteBudget) {
            budget.giveBack(own)
            for share in shares { budget.giveBackShare(ofStorage: share) }
            self = Holder()
        }
    }
}
