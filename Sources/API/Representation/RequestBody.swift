internal import Domain
internal import HTTPServer

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// The members of a JSON object that a client sent, read as the declaration of a record says.
struct RecordBody<R: Record> {
    /// The fields that were given, valid each by itself.
    private(set) var values: [(field: Field<R>, value: Value)] = []
    private(set) var problems: [FieldProblem] = []
    /// Names of members that the record does not have, but that the request may.
    private let extras: Set<String>
    private(set) var givenExtras: Set<String> = []
    private var pointer = ""

    init(_ json: [UInt8]) throws(Problem) {
        extras = []
        try JSONBody.decode(json) { decoder in try read(decoder) }
    }

    /// - Parameter pointer: where the object stands in the document.
    init(from decoder: any Decoder, at pointer: String = "", extras: Set<String> = []) throws {
        self.extras = extras
        try read(decoder)
        problems = problems.map { FieldProblem(pointer: pointer + $0.pointer, detail: $0.detail) }
        self.pointer = pointer
    }

    private mutating func read(_ decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: MemberName.self)
        for name in object.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
            guard let field = R.fields.first(where: { $0.name == name.stringValue }) else {
                if extras.contains(name.stringValue) {
                    givenExtras.insert(name.stringValue)
                } else {
                    problems.append(FieldProblem(field: Self.escaped(name.stringValue), Self.unknown(name.stringValue)))
                }
                continue
            }
            guard !field.rules.isDerived else {
                problems.append(FieldProblem(field: field.name, "is computed by the service"))
                continue
            }
            guard let value = object.value(of: field.kind, name) else {
                problems.append(FieldProblem(field: field.name, "expects \(field.expectation)"))
                continue
            }
            if let problem = field.problem(with: value) {
                problems.append(FieldProblem(field: field.name, problem))
            } else {
                values.append((field, value))
            }
        }
    }

    /// Names as RFC 6901 writes them in a pointer.
    private static func escaped(_ name: String) -> String {
        String(name.flatMap { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) })
    }

    private static func unknown(_ name: String) -> String {
        ["id", "version", "created_at", "updated_at"].contains(name)
            ? "is given by the service"
            : "is unknown; the fields are \(R.fields.filter { !$0.rules.isDerived }.map(\.name).joined(separator: ", "))"
    }
}

extension RecordBody {
    /// Adds a problem for each field that has no default and was not given.
    mutating func demandAll(but ignored: Set<String> = []) {
        for field in R.fields where field.isRequired && !ignored.contains(field.name) {
            let path = "\(pointer)/\(field.name)"
            let isGiven = values.contains { $0.field.name == field.name } || problems.contains { $0.pointer == path }
            if !isGiven { problems.append(FieldProblem(pointer: path, detail: "is missing")) }
        }
    }

    /// A whole record: every field that has no default must be there.
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func record() throws(DomainError) -> R {
        var whole = self
        whole.demandAll()
        return try whole.merged(into: R())
    }

    /// A record with the given fields changed (RFC 7396).
    ///
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong.
    func merged(into record: R) throws(DomainError) -> R {
        guard problems.isEmpty else { throw .invalid(problems) }
        var record = record
        for (field, value) in values {
            let fits = field.assign(value, to: &record)
            precondition(fits, "a value that was found valid fits its field")
        }
        return record
    }
}

extension Field {
    /// What a user has to write in JSON.
    fileprivate var expectation: String {
        kind == .text ? "a string" : kind.expectation
    }
}

struct MemberName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<MemberName> {
    /// The value of a member; nil if its type is not that of the kind.
    fileprivate func value(of kind: Kind, _ name: MemberName) -> Value? {
        if (try? decodeNil(forKey: name)) == true { return .null }
        switch kind {
        case .bool: return (try? decode(Bool.self, forKey: name)).map(Value.bool)
        case .integer: return (try? decode(Int64.self, forKey: name)).map(Value.integer)
        case .text: return (try? decode(String.self, forKey: name)).map(Value.text)
        case .money, .day, .timestamp, .uuid:
            return (try? decode(String.self, forKey: name)).flatMap { kind.value(from: $0) }
        }
    }
}

/// Reads JSON with the toolchain's decoder, whose checks are the stricter ones of RFC 8259.
enum JSONBody {
    /// Calls `read` with a decoder of the bytes.
    ///
    /// - Throws: what the client has to be told.
    static func decode(_ json: [UInt8], _ read: (any Decoder) throws -> Void) throws(Problem) {
        do {
            let decoder = JSONDecoder()
            let document = try decoder.decode(Document.self, from: Data(json))
            try read(document.decoder)
        } catch DecodingError.typeMismatch(_, let context) where context.codingPath.isEmpty {
            throw notAnObject
        } catch DecodingError.valueNotFound(_, let context) where context.codingPath.isEmpty {
            throw notAnObject
        } catch {
            throw .badRequest("The body is not JSON.")
        }
    }

    private static var notAnObject: Problem {
        Problem(DomainError.invalid([FieldProblem(pointer: "", detail: "expects a JSON object")]))
    }

    /// Lends the decoder itself, so that what is read can depend on the request.
    private struct Document: Decodable {
        let decoder: any Decoder
        init(from decoder: any Decoder) throws { self.decoder = decoder }
    }
}
