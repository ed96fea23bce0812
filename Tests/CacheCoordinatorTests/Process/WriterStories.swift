import Testing

@testable import CacheCoordinator

/// One step of a story about one tag and its writers.
enum WriterStep: Hashable, CustomStringConvertible {
    case announce(Int)
    case release(Int)
    case invalidate
    /// The writer's intent has outlived its lifetime.
    case expire(Int)

    var description: String {
        switch self {
        case .announce(let writer): "announce \(writer)"
        case .release(let writer): "release \(writer)"
        case .invalidate: "invalidate"
        case .expire(let writer): "expire \(writer)"
        }
    }
}

/// Every order of the steps of so many writers, each of which announces before it is released or its intent expires,
/// and of so many invalidations.
///
/// - Parameter dying: how many of the writers, from the first, end by expiry.
func writerStories(writers: Int, dying: Int = 0, invalidations: Int = 0) -> [[WriterStep]] {
    func continuations(_ idle: Set<Int>, _ announced: Set<Int>, _ invalidations: Int) -> [[WriterStep]] {
        if idle.isEmpty, announced.isEmpty, invalidations == 0 { return [[]] }
        var result: [[WriterStep]] = []
        for writer in idle.sorted() {
            result += continuations(idle.subtracting([writer]), announced.union([writer]), invalidations)
                .map { [.announce(writer)] + $0 }
        }
        for writer in announced.sorted() {
            result += continuations(idle, announced.subtracting([writer]), invalidations)
                .map { [writer < dying ? .expire(writer) : .release(writer)] + $0 }
        }
        if invalidations > 0 { result += continuations(idle, announced, invalidations - 1).map { [.invalidate] + $0 } }
        return result
    }
    return continuations(Set(0..<writers), [], invalidations)
}

/// The writers that are announced after these steps.
func announced(after steps: some Sequence<WriterStep>) -> Set<Int> {
    var announced: Set<Int> = []
    for step in steps {
        switch step {
        case .announce(let writer): announced.insert(writer)
        case .release(let writer), .expire(let writer): announced.remove(writer)
        case .invalidate: break
        }
    }
    return announced
}

/// The definition: nobody is announced when the writer announces, and nobody announces, is released, dies or
/// invalidates until it is released.
func isAlone(_ writer: Int, in story: [WriterStep]) -> Bool {
    guard let begin = story.firstIndex(of: .announce(writer)), let end = story.firstIndex(of: .release(writer)) else {
        return false
    }
    return end == begin + 1 && announced(after: story[..<begin]).isEmpty
}

@Suite struct `The stories of writers` {
    @Test(arguments: [(1, 0, 0, 1), (2, 0, 0, 6), (3, 0, 0, 90), (2, 0, 1, 30), (3, 1, 0, 90)])
    func `are all there are`(writers: Int, dying: Int, invalidations: Int, count: Int) {
        let stories = writerStories(writers: writers, dying: dying, invalidations: invalidations)
        #expect(stories.count == count)
        #expect(Set(stories).count == count)
    }
}
