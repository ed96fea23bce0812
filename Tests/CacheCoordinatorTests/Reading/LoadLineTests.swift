import LarderTesting
import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A line of loads` {
    private func captured(_ token: UInt64, _ keyspace: Keyspace = .first, _ tags: [Tag] = [.a]) -> Captured {
        Captured(keyspace: keyspace, tags: tags, tokens: .numbers(token))
    }

    @Test func `begins empty and is empty when all loads are finished`() throws {
        var line = LoadLine()
        #expect(line.isEmpty)
        let first = try #require(line.enter(captured(1)).running)
        let second = try #require(line.enter(captured(2)).running)
        let third = try #require(line.enter(captured(3)).postponed)
        #expect(!line.isEmpty)
        #expect(line.finish(first) === third)
        #expect(line.finish(second) == nil)
        #expect(!line.isEmpty)
        #expect(line.finish(third) == nil)
        #expect(line.isEmpty)
    }

    @Test func `lets whoever read the same tokens join a load under way`() throws {
        var line = LoadLine()
        let load = try #require(line.enter(captured(1)).running)
        for _ in 0..<10 { #expect(line.enter(captured(1)).joined === load) }
    }

    @Test func `lets nobody join a load that has ended`() throws {
        var line = LoadLine()
        let load = try #require(line.enter(captured(1)).running)
        _ = line.finish(load)
        let next = try #require(line.enter(captured(1)).running)
        #expect(next !== load)
    }

    @Test func `lets nobody join who read other tokens, tags or another keyspace`() {
        for other in [captured(2), captured(1, .second), captured(1, .first, [.b])] {
            var line = LoadLine()
            _ = line.enter(captured(1))
            #expect(line.enter(other).running != nil)
        }
    }

    @Test func `lets nobody join a load under way who read no tokens`() {
        var line = LoadLine()
        _ = line.enter(nil)
        #expect(line.enter(nil).running != nil)
        #expect(line.enter(nil).postponed != nil)
    }

    @Test func `runs two at most, and makes all others share one that waits`() throws {
        var line = LoadLine()
        _ = try #require(line.enter(captured(1)).running)
        _ = try #require(line.enter(captured(2)).running)
        let waiting = try #require(line.enter(captured(3)).postponed)
        for token in 3...9 as ClosedRange<UInt64> { #expect(line.enter(captured(token)).joined === waiting) }
        #expect(line.enter(nil).joined === waiting)
    }

    @Test func `still lets those with the right tokens join what runs, while another load waits`() throws {
        var line = LoadLine()
        let first = try #require(line.enter(captured(1)).running)
        let second = try #require(line.enter(captured(2)).running)
        _ = line.enter(captured(3))
        #expect(line.enter(captured(1)).joined === first)
        #expect(line.enter(captured(2)).joined === second)
    }

    @Test func `hands a finished load's place to the one that waits, once`() throws {
        var line = LoadLine()
        let first = try #require(line.enter(captured(1)).running)
        let second = try #require(line.enter(captured(2)).running)
        let third = try #require(line.enter(captured(3)).postponed)
        #expect(line.finish(second) === third)
        #expect(line.finish(first) == nil)
        #expect(line.enter(captured(3)).joined === third)
    }

    @Test func `lets those join a load that waited who have the tokens of the last that joined it before it began`() throws {
        var line = LoadLine()
        let first = try #require(line.enter(captured(1)).running)
        _ = line.enter(captured(2))
        let third = try #require(line.enter(captured(3)).postponed)
        #expect(line.enter(captured(4)).joined === third)
        #expect(line.finish(first) === third)
        #expect(line.enter(captured(4)).joined === third)
        #expect(line.enter(captured(3)).running == nil, "two run already, so it waits")
    }

    @Test func `is finished only by its own loads`() throws {
        var line = LoadLine()
        let load = try #require(line.enter(captured(1)).running)
        #expect(line.finish(Load(captured(1))) == nil)
        #expect(line.enter(captured(1)).joined === load)
    }

    /// Against a counter of what runs and waits, with requests and ends in any order.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `never exceeds its bounds, whatever comes in whatever order`(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        var line = LoadLine()
        var running: [Load] = []
        var waiting: Load?
        for _ in 0..<200 {
            if Bool.random(using: &numbers), let load = running.randomElement(using: &numbers) {
                let next = line.finish(load)
                running.removeAll { $0 === load }
                #expect(next === waiting)
                if let next { running.append(next) }
                waiting = nil
            } else {
                let token = UInt64.random(in: 0...3, using: &numbers)
                let mine = token == 0 ? nil : captured(token)
                switch line.enter(mine) {
                case .join(let load):
                    #expect(load === waiting || (mine != nil && load.captured == mine && running.contains { $0 === load }))
                case .run(let load): running.append(load)
                case .runLater(let load):
                    try #require(waiting == nil)
                    waiting = load
                }
            }
            #expect(running.count <= LoadLine.maximumRunning)
            #expect(waiting == nil || running.count == LoadLine.maximumRunning)
            #expect(line.isEmpty == running.isEmpty)
        }
    }
}

extension LoadLine.Turn {
    fileprivate var joined: Load? { if case .join(let load) = self { load } else { nil } }
    fileprivate var running: Load? { if case .run(let load) = self { load } else { nil } }
    fileprivate var postponed: Load? { if case .runLater(let load) = self { load } else { nil } }
}
