import Model

/// A record with a field of every kind.
struct Sample: Record, Equatable {
    var flag = false
    var number: Int64 = 0
    var label = ""
    var price = Money(cents: 0)
    var day = Day(number: 0)
    var moment: Timestamp?
    var key: UUID?
    var note: String?
    var size: Int64 = 3
    var total = Money(cents: 0)

    mutating func derive() { total = price + price }

    static let fields: [Field<Sample>] = [
        Field("flag", \.flag),
        Field("number", \.number, .range(-100...100)),
        Field("label", \.label, .length(1...5)),
        Field("price", \.price),
        Field("day", \.day),
        Field("moment", \.moment),
        Field("key", \.key),
        Field("note", \.note, .length(1...5)),
        Field("size", \.size, .hasDefault),
        Field("total", \.total, .derived),
    ]

    /// The columns that have to be there, and a cell for each.
    static let header = ["id", "flag", "number", "label", "price", "day"]
    static let cells = ["7", "true", "-5", "abc", "1.50", "2026-03-01"]

    static let expected: Sample = {
        var sample = Sample()
        sample.flag = true
        sample.number = -5
        sample.label = "abc"
        sample.price = Money(cents: 150)
        sample.day = Day(year: 2026, month: 3, day: 1)!
        sample.total = Money(cents: 300)
        return sample
    }()
}
