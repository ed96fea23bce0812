import CacheCoordinator
import EventLoop
import Model
import Testing

@testable import RedisCache

/// One step of a story about one tag.
enum Step: Hashable, CustomStringConvertible {
    case announce(Int)
    case release(Int)
    case invalidate

    var description: String {
        switch self {
        case .announce(let writer): "announce \(writer)"
        case .release(let writer): "release \(writer)"
        case .invalidate: "invalidate"
        }
    }
}

/// Every order of the steps of so many writers, in which each announces before it releases.
private func orders(writers: Int, invalidations: Int) -> [[Step]] {
    func continuations(_ idle: Set<Int>, _ announced: Set<Int>, _ invalidations: Int) -> [[Step]] {
        if idle.isEmpty, announced.isEmpty, invalidations == 0 { return [[]] }
        var result: [[Step]] = []
        for writer in idle.sorted() {
            result += continuations(idle.subtracting([writer]), announced.union([writer]), invalidations)
                .map { [.announce(writer)] + $0 }
        }
        for writer in announced.sorted() {
            result += continuations(idle, announced.subtracting([writer]), invalidations).map { [.release(writer)] + $0 }
        }
        if invalidations > 0 { result += continuations(idle, announced, invalidations - 1).map { [.invalidate] + $0 } }
        return result
    }
    return continuations(Set(0..<writers), [], invalidations)
}

/// The definition: a writer is alone if nobody is announced when it announces, and nobody announces, is released or
/// invalidates until it is released.
private func isAlone(_ writer: Int, in steps: [Step]) -> Bool {
    guard let begin = steps.firstIndex(of: .announce(writer)), let end = steps.firstIndex(of: .release(writer)) else {
        return false
    }
    return end == begin + 1 && announced(after: steps[..<begin]).isEmpty
}

private func announced(after steps: ArraySlice<Step>) -> Set<Int> {
    var announced: Set<Int> = []
    for step in steps {
        switch step {
        case .announce(let writer): announced.insert(writer)
        case .release(let writer): announced.remove(writer)
        case .invalidate: break
        }
    }
    return announced
}

@Suite struct `Several writers` {
    @Test(arguments: [(2, 0, 6), (3, 0, 90), (2, 1, 30), (2, 2, 90)])
    func `in every order are alone or not as it is defined, and the last leaves a token`(
        writers: Int, invalidations: Int, count: Int
    ) async throws {
        let stories = orders(writers: writers, invalidations: invalidations)
        #expect(stories.count == count)
        try await withBackend { test in
            _ = try await test.loop.all(Array(stories.enumerated())) { number, story in
                try await tell(story, of: Tag("story:\(number)"), to: test)
            }
        }
    }

    private func tell(_ story: [Step], of tag: Tag, to test: TestBackend) async throws {
        var announcements: [Int: Announcement] = [:]
        var tokens: Set<VersionToken> = []
        for (position, step) in story.enumerated() {
            switch step {
            case .announce(let writer):
                announcements[writer] = try await test.backend.announce([tag], lifetime: 60_000)
            case .release(let writer):
                let token = try await test.backend.release(announcements[writer]!)[0]
                #expect((token != nil) == isAlone(writer, in: story), "writer \(writer) in \(story)")
                if let token { #expect(try await test.state(tag) == .version(token)) }
            case .invalidate:
                try await test.backend.invalidate([tag])
            }
            let state = try await test.state(tag)
            if announced(after: story[...position]).isEmpty {
                guard case .version(let token) = state else {
                    Issue.record("\(state) after step \(position) of \(story)")
                    continue
                }
                #expect(tokens.insert(token).inserted, "a token came back after step \(position) of \(story)")
            } else {
                #expect(state == .intent, "after step \(position) of \(story)")
            }
        }
    }
}
