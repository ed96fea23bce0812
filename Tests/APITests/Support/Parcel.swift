import Model

/// Something with all that can be declared of a resource, and that no sample has.
struct Parcel: Entity {
    typealias Key = UUID

    enum Stage: String, Choice { case packed, sent }

    var label = ""
    /// In grams.
    var weight: Int64 = 0
    var stage = Stage.packed
    var carrier: String?

    static let resource = "parcels"
    static let singular = "parcel"
    static let fields: [Field<Parcel>] = [
        Field("label", \.label, .length(1...20), .unique),
        Field("weight", \.weight, .range(1...1_000_000)),
        Field("stage", \.stage, .changedByActions),
        Field("carrier", \.carrier, .length(1...20), .changedByActions),
    ]
    static let owned = [
        OwnedRows("pieces", of: Piece.self, table: "parcel_pieces", owner: ("parcel_id", Parcel.self), position: "number")
    ]
    static let schema = Schema(of: Parcel.self)

    static let declarations = Declarations(
        entities: [Parcel.self], views: [Postage.view], creations: [pack], actions: [send, callBack])

    /// What is in it.
    struct Piece: Record {
        var name = ""
        var weight: Int64 = 0
        var isFragile = false

        static let fields: [Field<Piece>] = [
            Field("name", \.name, .length(1...20)), Field("weight", \.weight, .range(1...1_000)),
            Field("is_fragile", \.isFragile, .hasDefault),
        ]
    }

    static let pack = CreatingAction(
        Parcel.self, with: "pieces", of: Piece.self, count: 2...3, computes: [\.weight], "A parcel that weighs what is in it.",
        refuses: [tooHeavy]
    ) { parcel, pieces, unit, _ in
        var parcel = parcel
        parcel.weight = pieces.reduce(0) { $0 + $1.weight }
        guard parcel.weight <= 2_000 else { throw tooHeavy.because("The pieces weigh \(parcel.weight) grams.") }
        let packed = try await unit.insert(parcel)
        try await unit.put(pieces, as: "pieces", of: packed)
        return packed
    }

    /// How it is sent.
    struct Shipment: Record {
        var carrier = ""
        var isInsured = false

        static let fields: [Field<Shipment>] = [
            Field("carrier", \.carrier, .length(1...20)), Field("is_insured", \.isInsured, .hasDefault),
        ]
    }

    static let send = RowAction("send", of: Parcel.self, taking: Shipment.self, "Send a parcel.", refuses: [isSent]) {
        parcel, shipment, unit, _ in
        guard parcel.stage == .packed else { throw isSent.because("It is on its way already.") }
        var sent = parcel.value
        sent.stage = .sent
        sent.carrier = shipment.carrier + (shipment.isInsured ? "+" : "")
        return try await unit.update(parcel, to: sent)
    }

    static let callBack = RowAction("call-back", of: Parcel.self, "Call a parcel back.") { parcel, unit, _ in
        var packed = parcel.value
        packed.stage = .packed
        packed.carrier = nil
        return try await unit.update(parcel, to: packed)
    }

    private static let tooHeavy = Refusal.Reason("too-heavy", example: "The pieces weigh 2001 grams.")
    private static let isSent = Refusal.Reason("is-sent", example: "It is on its way already.")

    /// What sending costs.
    struct Postage: Record {
        var total = MoneySum()
        var steps: [Step] = []

        static let fields: [Field<Postage>] = [Field("total", \.total)]
        static let lists = [RecordList<Postage>("steps", \.steps)]

        struct Step: Record {
            var grams: Int64 = 0

            static let fields: [Field<Step>] = [Field("grams", \.grams)]
        }

        static let view = View("postage", of: Parcel.self, "What sending a parcel costs", as: Postage.self) { parcel, _ in
            var postage = Postage()
            postage.total += Money(cents: parcel.weight * 2)
            postage.steps = (0..<parcel.weight / 500).map { number in
                var step = Step()
                step.grams = (number + 1) * 500
                return step
            }
            return postage
        }
    }
}
