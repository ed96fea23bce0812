import Model
import Testing

@testable import CacheCoordinator

@Suite struct `A read decision` {
    struct Case: Sendable, CustomTestStringConvertible {
        /// Of the entry; nil if there is none.
        var tokens: [UInt64]?
        var states: [TagState]
        var expected: ReadDecision

        init(_ tokens: [UInt64]?, _ states: [TagState], _ expected: ReadDecision) {
            self.tokens = tokens
            self.states = states
            self.expected = expected
        }

        var testDescription: String { "entry \(tokens.map { "\($0)" } ?? "none") under \(states)" }

        var entry: Entry? {
            tokens.map { tokens in
                Entry(tags: tokens.indices.map { Tag("\($0)") }, tokens: tokens.map(VersionToken.init))
            }
        }
    }

    @Test(arguments: [
        // Served, only if all tokens are equal.
        Case([1], [.version(1)], .serve),
        Case([1, 2], [.version(1), .version(2)], .serve),
        Case([], [], .serve),
        Case([1], [.version(2)], .load(.numbers(2))),
        Case([1, 2], [.version(1), .version(3)], .load(.numbers(1, 3))),
        Case([1, 2], [.version(2), .version(1)], .load(.numbers(2, 1))),
        // States of tags that the entry does not have do not matter to it.
        Case([1], [.version(1), .version(2)], .serve),
        Case([1], [.version(1), .intent], .serve),
        Case([1], [.version(1), .absent], .serve),
        // Fewer states than tags prove nothing.
        Case([1, 2], [.version(1)], .load(.numbers(1))),
        // A mark on any tag: load, do not fill.
        Case([1], [.intent], .passThrough),
        Case([1, 2], [.version(1), .intent], .passThrough),
        Case([1, 2], [.intent, .version(2)], .passThrough),
        Case([1, 2], [.intent, .absent], .passThrough),
        Case([1, 2], [.absent, .intent], .passThrough),
        Case(nil, [.intent], .passThrough),
        Case(nil, [.version(1), .absent, .intent], .passThrough),
        // A tag without a token gets one before the load.
        Case([1], [.absent], .createTokens),
        Case([1, 2], [.version(1), .absent], .createTokens),
        Case(nil, [.absent], .createTokens),
        Case(nil, [.absent, .version(1)], .createTokens),
        // Complete: load under these tokens.
        Case(nil, [.version(7)], .load(.numbers(7))),
        Case(nil, [.version(7), .version(8)], .load(.numbers(7, 8))),
        Case(nil, [], .load([])),
    ])
    func `follows from the entry's tokens and the tags' states`(_ sample: Case) {
        #expect(ReadDecision(entry: sample.entry, states: sample.states) == sample.expected)
    }

    @Test func `never serves, loads to fill or creates a token while a tag bears an intent`() {
        let states: [TagState] = [.version(1), .version(2), .absent, .intent]
        for first in states {
            for second in states where first == .intent || second == .intent {
                for entry in [nil, Entry(tags: [.a, .b], tokens: .numbers(1, 2))] {
                    #expect(ReadDecision(entry: entry, states: [first, second]) == .passThrough, "\(first), \(second)")
                }
            }
        }
    }
}
