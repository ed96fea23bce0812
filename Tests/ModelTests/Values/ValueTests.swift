import Model
import Testing

@Suite struct `Values` {
    @Test(arguments: [
        (Kind.bool, "true", Value.bool(true)), (.bool, "t", .bool(true)), (.bool, "1", .bool(true)),
        (.bool, "false", .bool(false)),
        (.bool, "f", .bool(false)), (.bool, "0", .bool(false)),
        (.integer, "0", .integer(0)), (.integer, "-5", .integer(-5)), (.integer, "007", .integer(7)),
        (.integer, "9223372036854775807", .integer(.max)), (.integer, "-9223372036854775808", .integer(.min)),
        (.text, "", .text("")), (.text, "a b\n", .text("a b\n")), (.text, "日本 🥖", .text("日本 🥖")),
        (.money, "34.47", .money(Money(cents: 3447))), (.day, "1970-01-02", .day(Day(number: 1))),
        (.timestamp, "1970-01-01 00:00:01+00", .timestamp(Timestamp(microseconds: 1_000_000))),
        (.uuid, "00000000-0000-0000-0000-000000000000", .uuid(.zero)), (.moneySum, "-0.01", .moneySum(MoneySum(cents: -1))),
    ])
    func `are read from the text of their kind`(kind: Kind, text: String, value: Value) {
        #expect(kind.value(from: text) == value)
    }

    @Test(arguments: [
        (Kind.bool, "yes"), (.bool, "TRUE"), (.bool, ""), (.bool, "2"), (.integer, "+5"), (.integer, ""), (.integer, "1.0"),
        (.integer, " 1"), (.integer, "1_000"), (.integer, "0x1"), (.integer, "9223372036854775808"),
        (.integer, "-9223372036854775809"), (.integer, "-"), (.text, "a\u{0}b"), (.money, "1.234"), (.day, "2026-02-30"),
        (.timestamp, "2026-11-21"), (.uuid, "7"), (.moneySum, "1"), (.moneySum, "1.5"),
    ])
    func `are not read from the text of another`(kind: Kind, text: String) {
        #expect(kind.value(from: text) == nil)
    }

    @Test func `come back from their own text`() {
        let values: [(Kind, Value)] = [
            (.bool, .bool(true)), (.bool, .bool(false)), (.integer, .integer(.min)), (.text, .text("e\u{301}\u{1F}&=")),
            (.money, .money(Money(cents: -7))), (.day, .day(Day(number: -719_162))),
            (.timestamp, .timestamp(Timestamp(microseconds: -1))), (.uuid, .uuid(.v7())),
            (.moneySum, .moneySum(MoneySum(cents: -1 << 100))),
        ]
        for (kind, value) in values { #expect(value.text.flatMap { kind.value(from: $0) } == value) }
        #expect(Value.null.text == nil)
    }

    @Test func `of text are equal byte by byte`() {
        // Each pair is one string to Swift.
        for (a, b) in [("\u{E9}", "e\u{301}"), ("\u{2126}", "\u{3A9}"), ("a\u{323}\u{307}", "a\u{307}\u{323}")] {
            #expect(a == b)
            #expect(Value.text(a) != .text(b))
            #expect(Value.text(a) == .text(a))
            #expect(Set([Value.text(a), .text(b), .text(a)]).count == 2)
        }
        #expect(Value.text("1") != .integer(1))
        #expect(Value.null == .null)
        #expect(Value.null != .text(""))
    }

    @Test func `are sorted with null last and text by its bytes`() {
        let sorted: [[Value]] = [
            [.bool(false), .bool(true), .null],
            [.integer(.min), .integer(-1), .integer(0), .integer(10), .null],
            [
                .text(""), .text(" "), .text("10"), .text("9"), .text("B"), .text("a"), .text("ab"), .text("e\u{301}"),
                .text("f"),
                .text("\u{E9}"), .text("\u{FF5E}"), .text("🥖"), .null,
            ],
            [.money(Money(cents: -5)), .money(Money(cents: 7)), .null], [.day(Day(number: -1)), .day(Day(number: 1)), .null],
            [.timestamp(Timestamp(microseconds: -1)), .timestamp(Timestamp(microseconds: 0)), .null],
            [.uuid(.zero), .uuid(.v7()), .null],
            [.moneySum(MoneySum(cents: -1)), .moneySum(MoneySum(cents: 0)), .moneySum(MoneySum(cents: 1 << 100)), .null],
        ]
        for values in sorted {
            #expect(values.shuffled().sorted(by: Value.isOrderedBefore) == values)
            for value in values { #expect(!Value.isOrderedBefore(value, value)) }
        }
    }

    @Test func `of a field's type are taken only if they fit it`() {
        #expect(Int64(Value.integer(7)) == 7)
        #expect(Int64(Value.text("7")) == nil)
        #expect(String(Value.text("x")) == "x")
        #expect(Bool(Value.integer(1)) == nil)
        #expect(Money(Value.money(Money(cents: 1))) == Money(cents: 1))
        #expect(Day(Value.day(Day(number: 1))) == Day(number: 1))
        #expect(Timestamp(Value.null) == nil)
        #expect(MoneySum(Value.money(Money(cents: 1))) == nil)
        #expect(MoneySum(Value.moneySum(MoneySum(cents: 1))) == MoneySum(cents: 1))
        #expect(ID<Gadget>(Value.integer(1)) == nil)
        #expect(ID<Gadget>(Value.uuid(.zero)) == ID(.zero))
        #expect(Gadget.State(Value.text("worn")) == .worn)
        #expect(Gadget.State(Value.text("new ")) == nil)
        #expect(String?(Value.null) == .some(.none))
        #expect(String?(Value.text("x")) == .some("x"))
        #expect(String?(Value.integer(1)) == .none)
        #expect(String?.none.value == .null)
        #expect(Gadget.State.broken.value == .text("broken"))
        #expect(String?.isOptional && !String.isOptional)
        #expect(Gadget.State?.choices == ["new", "worn", "broken"])
    }
}
