import LarderTesting

@testable import CacheCoordinator

/// Runs tasks one step at a time, in an order that somebody chooses, and keeps a log of it.
///
/// A task runs until it waits for its next step; nothing else runs meanwhile. So the choices are all that a run depends on.
final class Schedule {
    private struct Step {
        let name: String
        let isPossible: () -> Bool
        let continuation: UnsafeContinuation<Void, Never>
    }

    private let executor = StepExecutor()
    private var waiting: [Step] = []
    /// The steps that were taken.
    private(set) var log: [String] = []
    /// The steps that nobody has taken yet.
    var left: [String] { waiting.map(\.name) }

    func spawn(_ body: @escaping () async -> Void) { executor.spawn(body) }

    /// Waits until this step is chosen, which it cannot be while `isPossible` is false.
    func step(_ name: String, when isPossible: @escaping () -> Bool = { true }) async {
        await withUnsafeContinuation { waiting.append(Step(name: name, isPossible: isPossible, continuation: $0)) }
    }

    /// Takes steps until none is possible: as `choices` says, or the oldest first.
    func run(_ choices: (any Choices)? = nil) {
        while true {
            let possible = waiting.indices.filter { waiting[$0].isPossible() }
            guard !possible.isEmpty else { return }
            let choice = possible.count == 1 ? 0 : choices?.choose(from: possible.count) ?? 0
            let step = waiting.remove(at: possible[choice])
            log.append(step.name)
            step.continuation.resume()
            executor.run()
        }
    }
}

/// Chooses what comes next.
protocol Choices: AnyObject {
    /// One of `count` steps. The last one began to wait last, and most often continues what was done last.
    func choose(from count: Int) -> Int
    /// Whether something goes wrong that does once in so many cases.
    func happens(onceIn cases: Int) -> Bool
}

/// By chance, the same for the same seed.
///
/// What goes wrong mostly needs somebody who is held up at the wrong place while others get on. So whoever took a step
/// often takes the next one too; how often, differs from seed to seed.
final class RandomChoices: Choices {
    private var numbers: SeededNumbers
    private let patience: Int

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
        patience = [0, 8, 12, 14].randomElement(using: &numbers)!
    }

    func choose(from count: Int) -> Int { number(below: 16) < patience ? count - 1 : number(below: count) }
    func happens(onceIn cases: Int) -> Bool { number(below: cases) == 0 }
    func number(below bound: Int) -> Int { Int.random(in: 0..<bound, using: &numbers) }
    func one<Element>(of elements: [Element]) -> Element { elements[number(below: elements.count)] }
}

/// Each order once, from run to run, and nothing goes wrong.
final class AllChoices: Choices {
    private var path: [(choice: Int, count: Int)] = []
    private var depth = 0

    func choose(from count: Int) -> Int {
        if depth == path.count { path.append((0, count)) }
        defer { depth += 1 }
        return path[depth].choice
    }

    func happens(onceIn cases: Int) -> Bool { false }

    /// Goes on to the next order; returns false after the last.
    func next() -> Bool {
        depth = 0
        while let (choice, count) = path.popLast() {
            if choice + 1 < count {
                path.append((choice + 1, count))
                return true
            }
        }
        return false
    }
}
