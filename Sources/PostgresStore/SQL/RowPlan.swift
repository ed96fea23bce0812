internal import Model

/// What the columns of a resource may hold, and how they are written from PostgreSQL's text to JSON. Made once from the schema.
///
/// What is recognized by its bytes is copied (``PlainText``). The rest is read as a ``Value`` and written as one, so there is one
/// truth about what can be read, and how it looks.
final class RowPlan {
    /// What has to be known of a column for each of its cells. Nothing of it is counted by references, which would cost more than
    /// to copy the bytes.
    struct Cell {
        let kind: Kind
        let isOptional: Bool
        /// Where its key stands among those of the row.
        let key: Range<Int>
        /// Whether it takes some texts alone.
        let hasChoices: Bool
    }

    let schema: Schema
    let cells: [Cell]
    /// The keys of all members, in quotes and with their colons.
    let keys: [UInt8]
    /// By column, the bytes of each choice, and its JSON.
    private let choices: [[(text: [UInt8], json: [UInt8])]]

    init(_ schema: Schema) {
        self.schema = schema
        var keys: [UInt8] = []
        cells = schema.columns.map { column in
            let start = keys.count
            keys += column.jsonKey
            return Cell(
                kind: column.kind, isOptional: column.isOptional, key: start..<keys.count, hasChoices: column.choices != nil)
        }
        self.keys = keys
        choices = schema.columns.map { column in
            (column.choices ?? []).map { choice in
                var json = JSONWriter()
                json.string(choice)
                return (Array(choice.utf8), json.bytes)
            }
        }
    }

    /// Writes the value of a column, if its declaration allows it.
    ///
    /// - Parameter text: nil is NULL.
    /// - Returns: false, and nothing is written, if it does not.
    func write(_ text: UnsafeRawBufferPointer?, of position: Int, to json: inout JSONWriter) -> Bool {
        let cell = cells[position]
        guard let text else {
            if cell.isOptional { json.null() }
            return cell.isOptional
        }
        switch cell.kind {
        case .text where cell.hasChoices:
            guard let choice = choice(text, position) else { return false }
            json.encoded(choice)
        case .text: json.string(utf8: text)
        case .bool:
            guard let bool = Self.bool(text) else { return false }
            json.bool(bool)
        case .integer where PlainText.isInteger(text): json.encoded(text)
        case .money where PlainText.isMoney(text), .day where PlainText.isDay(text), .uuid where PlainText.isUUID(text):
            json.string(plain: text)
        case .timestamp where PlainText.isTimestamp(text): Self.write(timestamp: text, to: &json)
        default:
            guard let value = cell.kind.value(text) else { return false }
            json.value(value)
        }
        return true
    }

    /// Whether ``write(_:of:to:)`` would write it.
    func reads(_ text: UnsafeRawBufferPointer?, of position: Int) -> Bool {
        let cell = cells[position]
        guard let text else { return cell.isOptional }
        switch cell.kind {
        case .text: return !cell.hasChoices || choice(text, position) != nil
        case .bool: return Self.bool(text) != nil
        case .integer where PlainText.isInteger(text), .money where PlainText.isMoney(text), .day where PlainText.isDay(text),
            .uuid where PlainText.isUUID(text), .timestamp where PlainText.isTimestamp(text):
            return true
        default: return cell.kind.value(text) != nil
        }
    }

    /// The JSON of a choice; nil if it is none.
    private func choice(_ text: UnsafeRawBufferPointer, _ position: Int) -> [UInt8]? {
        choices[position].first { $0.text.count == text.count && text.elementsEqual($0.text) }?.json
    }

    private static func bool(_ text: UnsafeRawBufferPointer) -> Bool? {
        switch (text.count, text.first) {
        case (1, UInt8(ascii: "t")): true
        case (1, UInt8(ascii: "f")): false
        default: nil
        }
    }

    /// Writes a time that was recognized, in the form of RFC 3339 with six decimals.
    private static func write(timestamp text: UnsafeRawBufferPointer, to json: inout JSONWriter) {
        withUnsafeTemporaryAllocation(byteCount: 27, alignment: 1) { form in
            let decimals = max(0, text.count - 3 - 20)
            form.copyMemory(from: UnsafeRawBufferPointer(rebasing: text[..<19]))
            form[10] = UInt8(ascii: "T")
            form[19] = UInt8(ascii: ".")
            for index in 0..<6 { form[20 + index] = index < decimals ? text[20 + index] : UInt8(ascii: "0") }
            form[26] = UInt8(ascii: "Z")
            json.string(plain: UnsafeRawBufferPointer(form))
        }
    }
}

extension Kind {
    fileprivate func value(_ text: UnsafeRawBufferPointer) -> Value? { value(from: String(decoding: text, as: UTF8.self)) }
}
