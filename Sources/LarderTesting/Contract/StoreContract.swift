public import EventLoop
public import Model

/// What every store has to do with the rows of any declarations, as checks that need no testing framework.
///
/// A store is compared with plain lists of rows (``ExpectedRows``): whatever is read must have the same bytes and depend on the
/// same tags. A test runs each check as a case of its own:
///
///     @Test(arguments: StoreContract(declarations, makeStore: …).checks)
///     func `hold`(check: StoreContract.Check) async throws { try await check.run() }
public struct StoreContract: Sendable {
    /// Hands a fresh, empty store to `body`, and clears up after it. Runs on the loop, as the store will. It has to be able to read
    /// while a few units are open.
    public typealias MakeStore =
        @Sendable (_ loop: Loop, _ body: (_ store: any Store) async throws -> Void) async throws -> Void

    /// One rule. It passes for resources to which it does not apply.
    public struct Check: Sendable, CustomStringConvertible {
        /// What holds, as a sentence.
        public let name: String
        let body: @Sendable () async throws -> Void

        /// Throws a ``Violation`` that says what does not hold, or what the store threw.
        public func run() async throws { try await body() }

        /// Its name.
        public var description: String { name }
    }

    /// All of them. Each runs on a loop and a store of its own, in any order.
    public let checks: [Check]

    /// The contract of stores for all rows that `declarations` name.
    ///
    /// - Parameter store: what the store is called in the names of the checks; nil if there is only one.
    public init(_ declarations: Declarations, of store: String? = nil, makeStore: @escaping MakeStore) {
        checks = Self.rules.map { name, rule in
            Check(name: store.map { "\($0): \(name)" } ?? name) {
                try await onLoop { loop in
                    try await makeStore(loop) { store in try await rule(Trial(declarations, store, on: loop)) }
                }
            }
        }
    }

    /// The same over a store that tests of other kinds run on, too.
    public init(_ declarations: Declarations, over store: StoreUnderTest) {
        self.init(declarations, of: store.name) { loop, body in try await store.open(loop) { store, _ in try await body(store) } }
    }

    typealias Rule = @Sendable (Trial) async throws -> Void

    private static var rules: [(String, Rule)] {
        readRules + writeRules + constraintRules + ownedRules + unitRules + isolationRules
    }
}

/// Something that a store should have done otherwise.
public struct Violation: Error, CustomStringConvertible {
    /// What was done, what came of it and what was expected.
    public let description: String
}

/// Throws a ``Violation`` unless two values are equal.
func expect<T: Equatable>(_ found: T, _ expected: T, _ what: @autoclosure () -> String) throws {
    guard found != expected else { return }
    throw Violation(description: "\(what()): \(found), expected is \(expected)")
}
