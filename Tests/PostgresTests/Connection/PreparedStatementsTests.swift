import LarderTesting
import Testing

@testable import Postgres

@Suite struct `The books of prepared statements` {
    private var books = PreparedStatements(limit: 2, prefix: "p")
    private let shapes = (0..<4).map { SQL("SELECT \($0) AS shape") }
    private let own = SQL.pinned("SELECT 'own'")

    @Test mutating func `name a statement once, and from then on use it by its name`() {
        #expect(books.use(shapes[0]) == .preparedFirst(as: "p1"))
        #expect(books.use(SQL("SELECT \(0) AS shape")) == .prepared(as: "p1"), "the text counts")
        #expect(books.use(own) == .preparedFirst(as: "p2"))
        #expect(books.use(own) == .prepared(as: "p2"))
        #expect(books.use(.unprepared("SELECT 1")) == .unprepared)
    }

    @Test mutating func `let the least recently used make room, and say later that it is to be closed`() {
        _ = books.use(shapes[0])
        _ = books.use(shapes[1])
        _ = books.use(shapes[0])
        #expect(books.takeUseless(atLeast: 1) == [])
        #expect(books.use(shapes[2]) == .preparedFirst(as: "p3"))
        #expect(books.takeUseless(atLeast: 2) == [], "one alone is not worth the trouble")
        #expect(books.takeUseless(atLeast: 1) == ["p2"])
        #expect(books.takeUseless(atLeast: 1) == [], "it is closed once")
        #expect(books.use(shapes[0]) == .prepared(as: "p1"))
        #expect(books.use(shapes[1]) == .preparedFirst(as: "p4"), "a name is not given twice")
    }

    @Test mutating func `keep the program's own, however many others come`() {
        let ours = (0..<10).map { SQL.pinned("SELECT \($0) AS ours") }
        let names = ours.map { books.use($0) }
        #expect(names == (1...10).map { .preparedFirst(as: "p\($0)") })
        for number in 0..<100 { _ = books.use(SQL("SELECT \(number) AS theirs")) }
        #expect(ours.map { books.use($0) } == (1...10).map { .prepared(as: "p\($0)") })
        #expect(books.takeUseless(atLeast: 1).count == 98)
    }

    @Test mutating func `prepare again what the server does not have, without closing it`() {
        for sql in [own, shapes[0]] {
            guard case .preparedFirst(as: let name) = books.use(sql) else { return #expect(Bool(false)) }
            books.isMissing(name, of: sql)
            guard case .preparedFirst(as: let next) = books.use(sql) else { return #expect(Bool(false)) }
            // It was said of the old name, so it tells nothing of the new one.
            books.isMissing(name, of: sql)
            books.isOutdated(name, of: sql)
            #expect(books.use(sql) == .prepared(as: next))
        }
        #expect(books.takeUseless(atLeast: 1) == [])
    }

    @Test mutating func `prepare again what no longer fits, and close the old one`() {
        _ = books.use(own)
        books.isOutdated("p1", of: own)
        books.isOutdated("p1", of: own)  // by a second run that was under way
        #expect(books.use(own) == .preparedFirst(as: "p2"))
        #expect(books.takeUseless(atLeast: 1) == ["p1"])
        books.areStillThere(["p1"])
        #expect(books.takeUseless(atLeast: 1) == ["p1"])
    }

    @Test mutating func `do not close what was never prepared`() {
        for sql in shapes[0..<3] { _ = books.use(sql) }
        books.isMissing("p1", of: shapes[0])
        #expect(books.takeUseless(atLeast: 1) == [])
    }

    @Test(arguments: 0..<200) func `agree with the server after any sequence of events`(_ seed: UInt64) {
        var dialogue = Dialogue(seed: seed)
        for _ in 0..<300 { dialogue.step() }
        dialogue.settle()
        dialogue.checkAgreement()
    }
}

/// A connection that uses the books and runs ahead, and a server that works later, fails at random, and is meddled with.
private struct Dialogue {
    private static let limit = 4
    private static let pinned = (0..<5).map { SQL.pinned("own \($0)") }
    private static let others = (0..<20).map { SQL("shape \($0)") } + [.unprepared("rare")]

    private enum Step {
        case prepare(SQL, String)
        case execute(SQL, String?)
        case close(String)
    }

    private var random: SeededNumbers
    private var books = PreparedStatements(limit: limit, prefix: "s")
    /// Each inner array is under one sync.
    private var inFlight: [[Step]] = []
    private var server: [String: String] = [:]
    private var outdated: Set<String> = []
    /// All names that were ever to be prepared.
    private var given: Set<String> = []
    /// What was done to the server behind our back, which alone may make it refuse a name.
    private var meddling = 0
    private var refusals = 0

    init(seed: UInt64) { random = SeededNumbers(seed: seed) }

    mutating func step() {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<9: send()
        case 9..<18: serve()
        case 18: close(atLeast: 3)
        default: meddle()
        }
    }

    private mutating func send() {
        var steps: [Step] = []
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let sql = (Bool.random(using: &random) ? Self.pinned : Self.others).randomElement(using: &random)!
            switch books.use(sql) {
            case .unprepared: steps.append(.execute(sql, nil))
            case .prepared(as: let name): steps.append(.execute(sql, name))
            case .preparedFirst(as: let name):
                #expect(given.insert(name).inserted, "a name is given once")
                steps += [.prepare(sql, name), .execute(sql, name)]
            }
        }
        inFlight.append(steps)
    }

    private mutating func close(atLeast count: Int) {
        let names = books.takeUseless(atLeast: count)
        if !names.isEmpty { inFlight.append(names.map { .close($0) }) }
    }

    /// The server's answer to the oldest flight: all of it, or up to the first failure.
    private mutating func serve() {
        guard !inFlight.isEmpty else { return }
        var hasFailed = false
        for step in inFlight.removeFirst() {
            switch step {
            case .prepare(let sql, let name):
                hasFailed = hasFailed || Int.random(in: 0..<20, using: &random) == 0
                if hasFailed { books.isMissing(name, of: sql) } else { server[name] = sql.text }
            case .execute(let sql, let name):
                guard !hasFailed else { continue }
                hasFailed = Int.random(in: 0..<20, using: &random) == 0
                guard let name else { continue }
                if let text = server[name] {
                    #expect(text == sql.text, "a name means one text")
                    guard outdated.contains(name) else { continue }
                    books.isOutdated(name, of: sql)
                } else {
                    refusals += 1
                    books.isMissing(name, of: sql)
                }
                hasFailed = true
            case .close(let name):
                let isThere = server[name] != nil
                if hasFailed { books.areStillThere([name]) } else { server[name] = nil }
                hasFailed = hasFailed || !isThere
            }
        }
    }

    /// `DEALLOCATE ALL`, or a change of the tables.
    private mutating func meddle() {
        meddling += 1
        if Bool.random(using: &random) { server = [:] } else { outdated.formUnion(server.keys) }
    }

    /// Serves what is in flight, then closes all that is of no use.
    mutating func settle() {
        repeat {
            while !inFlight.isEmpty { serve() }
            close(atLeast: 1)
        } while !inFlight.isEmpty
    }

    mutating func checkAgreement() {
        #expect(server.count <= Self.pinned.count + Self.limit)
        // What the server has is what the books have: every one of them is used by its name, and none is left behind.
        var names: Set<String> = []
        for sql in Self.pinned + Self.others {
            var copy = books
            if case .prepared(as: let name) = copy.use(sql) {
                names.insert(name)
                if meddling == 0 { #expect(server[name] == sql.text) }
            }
        }
        #expect(names.isSuperset(of: server.keys))
    }
}
