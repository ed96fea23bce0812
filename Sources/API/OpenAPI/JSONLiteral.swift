internal import Model

/// JSON as a program writes it down. Members stay in their order.
indirect enum JSONLiteral: Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONLiteral])
    case object([Member])
    /// JSON that was written elsewhere.
    case encoded([UInt8])

    struct Member: Sendable {
        var name: String
        var value: JSONLiteral
    }
}

extension JSONLiteral: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .number(String(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONLiteral...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, JSONLiteral)...) { self = .object(members.map(Member.init)) }

    init(_ number: Int64) { self = .number(String(number)) }
    init(_ texts: [String]) { self = .array(texts.map(JSONLiteral.string)) }

    init(_ value: Model.Value) {
        switch value {
        case .null: self = .null
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self.init(integer)
        default: self = .string(value.text ?? "")
        }
    }

    /// What a value is in JSON.
    init(encoding value: some JSONEncodable) {
        var json = JSONWriter()
        value.encode(to: &json)
        self = .encoded(json.bytes)
    }

    /// The object with the members of another one after its own.
    func adding(_ other: JSONLiteral) -> JSONLiteral {
        guard case .object(let members) = self, case .object(let others) = other else { return other }
        return .object(members + others)
    }
}

extension JSONLiteral: JSONEncodable {
    func encode(to json: inout JSONWriter) {
        switch self {
        case .null: json.null()
        case .bool(let bool): json.bool(bool)
        case .number(let text): json.encoded(text.utf8)
        case .string(let text): json.string(text)
        case .encoded(let bytes): json.encoded(bytes)
        case .array(let elements):
            json.array { json in
                for element in elements { element.encode(to: &json) }
            }
        case .object(let members):
            json.object { json in
                for member in members {
                    json.key(member.name)
                    member.value.encode(to: &json)
                }
            }
        }
    }
}
