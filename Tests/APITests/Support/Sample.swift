import LarderTesting
import Model

/// A record with a field of every kind and with every rule.
struct Sample: Record, Equatable {
    enum Mood: String, Choice { case calm, cross }
    enum Stage: String, Choice { case new, used }

    var flag = false
    var number: Int64 = 0
    var label = ""
    var price = Money(cents: 0)
    var day = Day(number: 0)
    var moment = Timestamp(microseconds: 0)
    var key = UUID.zero
    var mood = Mood.calm
    var email = ""
    var note: String?
    var size: Int64 = 1
    var total = Money(cents: 0)
    var stage = Stage.new

    static let fields: [Field<Sample>] = [
        Field("flag", \.flag),
        Field("number", \.number),
        Field("label", \.label, .length(1...5)),
        Field("price", \.price, .amount(Money(cents: 0)...Money(cents: 100_00))),
        Field("day", \.day),
        Field("moment", \.moment),
        Field("key", \.key),
        Field("mood", \.mood),
        Field("email", \.email, .length(3...20), .email),
        Field("note", \.note, .length(1...5)),
        Field("size", \.size, .range(1...9), .hasDefault),
        Field("total", \.total, .derived),
        Field("stage", \.stage, .changedByActions),
    ]

    static let columns = fields.map(\.column)

    /// Each required field with a value that it may have.
    static let whole: [(name: String, json: String)] = [
        ("flag", "true"), ("number", "7"), ("label", #""abc""#), ("price", #""34.47""#), ("day", #""2026-02-28""#),
        ("moment", #""2026-11-21T09:21:14Z""#), ("key", #""0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f""#), ("mood", #""cross""#),
        ("email", #""a@b""#),
    ]

    /// The members of an object: each required field but those given, and those given.
    static func json(_ given: [(name: String, json: String)] = [], without: Set<String> = []) -> String {
        let rest = whole.filter { member in !without.contains(member.name) && !given.contains { $0.name == member.name } }
        return "{" + (rest + given).map { "\"\($0.name)\": \($0.json)" }.joined(separator: ", ") + "}"
    }
}
