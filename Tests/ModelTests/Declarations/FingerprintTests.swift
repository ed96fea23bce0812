import Model
import Testing

@Suite struct `The fingerprint of declarations` {
    private struct Pot: Entity {
        typealias Key = Int64
        var name = ""
        static let resource = "pots"
        static let singular = "pot"
        static let fields = [Field<Pot>("name", \.name, .length(0...9))]
        static let schema = Schema(of: Pot.self)
    }

    private struct LabelledPot: Entity {
        typealias Key = Int64
        var name = ""
        var label = ""
        static let resource = "pots"
        static let singular = "pot"
        static let fields = [
            Field<LabelledPot>("name", \.name, .length(0...9)), Field<LabelledPot>("label", \.label, .length(0...9)),
        ]
        static let schema = Schema(of: LabelledPot.self)
    }

    private struct Height: Record {
        var millimetres: Int64 = 0
        static let fields = [Field<Height>("millimetres", \.millimetres)]
    }

    @Test func `is the same for the same, and another for another field or view`() {
        let height = View("height", of: Pot.self, "How high it is", as: Height.self) { _, _ in Height() }
        let fingerprints = [
            Declarations(entities: [Pot.self]), Declarations(entities: [LabelledPot.self]),
            Declarations(entities: [Pot.self], views: [height]),
        ].map(\.fingerprint)
        #expect(Set(fingerprints).count == 3)
        #expect(Declarations(entities: [Pot.self]).fingerprint == fingerprints[0])
    }
}
