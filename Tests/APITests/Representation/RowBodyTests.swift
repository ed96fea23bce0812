import Model
import Testing

@testable import API

@Suite struct `A body for a row that is there` {
    private static let columns = Array(Parcel.schema.fieldColumns)

    /// A parcel that was sent.
    private static func row(unreadable: [Int] = []) -> Row {
        Row(
            id: .uuid(.zero), fields: [.text("A"), .integer(5), .text("sent"), .text("Snail")],
            createdAt: Timestamp(microseconds: 0), updatedAt: Timestamp(microseconds: 0), version: 1
        ).with(unreadable)
    }

    private static let (label, stage) = (Parcel.schema.position(of: "label")!, Parcel.schema.position(of: "stage")!)

    private func body(_ json: String) throws -> RecordBody { try RecordBody(JSONReader.read(Array(json.utf8)), of: Self.columns) }

    @Test func `that replaces it leaves what actions change`() throws {
        let values = try body(#"{"label": "B", "weight": 7}"#).replacing(Self.row())
        #expect(values == [.text("B"), .integer(7), .text("sent"), .text("Snail")])
    }

    @Test func `that replaces it puts the default in place of what cannot be read and not be given`() throws {
        let values = try body(#"{"label": "B", "weight": 7}"#).replacing(Self.row(unreadable: [Self.label, Self.stage]))
        #expect(values == [.text("B"), .integer(7), .text("packed"), .text("Snail")])
    }

    @Test func `that changes it has to have what cannot be read`() throws {
        let row = Self.row(unreadable: [Self.label])
        let problem = FieldProblem(field: "label", "holds a value that its declaration does not allow; give it another one")
        #expect(throws: DomainError.invalid([problem])) { try body(#"{"weight": 7}"#).merged(into: row) }
        #expect(
            try body(#"{"label": "B"}"#).merged(into: row) == [.text("B"), .integer(5), .text("sent"), .text("Snail")])
    }

    @Test func `that changes it cannot mend what only actions change`() throws {
        let problem = FieldProblem(
            field: "stage", "holds a value that its declaration does not allow; PUT another row in its place")
        #expect(throws: DomainError.invalid([problem])) {
            try body(#"{"label": "B"}"#).merged(into: Self.row(unreadable: [Self.stage]))
        }
    }
}

extension Row {
    fileprivate func with(_ unreadable: [Int]) -> Row { Row(values, unreadable: unreadable) }
}
