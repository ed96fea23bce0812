internal import HTTPServer
internal import Model

/// What the arrays of a request's body ask for: for each of their elements the same, for all of them or for none.
enum Batch {
    /// How many rows one request creates or changes at most.
    static let maximumRows = 500
    /// How many bytes the rows have at most that one request changes, as they are answered: what a client sends is bounded, but a
    /// few bytes of it may name rows of any length.
    static let maximumBytes = PageLimits.maximumBytes
    /// How many rows are read at once of a resource that has long ones.
    static let longRows = 16

    /// More than that.
    static var tooLong: DomainError {
        let detail = "names rows that have more than \(maximumBytes) bytes together; change fewer at once"
        return .invalid([FieldProblem(pointer: "", detail: detail)])
    }

    /// Reads all elements.
    ///
    /// - Parameter read: reads the element that stands at `pointer`.
    /// - Throws: ``DomainError/invalid(_:)`` with all that is wrong with them.
    static func read<Element>(
        _ elements: [JSONValue], _ read: (JSONValue, _ pointer: String) throws(DomainError) -> Element
    ) throws(DomainError) -> [Element] {
        guard 1...maximumRows ~= elements.count else {
            let detail = "expects an array of 1 to \(maximumRows) objects, not of \(elements.count)"
            throw .invalid([FieldProblem(pointer: "", detail: detail)])
        }
        var results: [Element] = []
        var problems: [FieldProblem] = []
        for (index, element) in elements.enumerated() where problems.count < Problem.maximumErrors {
            do throws(DomainError) {
                results.append(try read(element, "/\(index)"))
            } catch {
                guard case .invalid(let found) = error else { throw error }
                problems += found
            }
        }
        guard problems.isEmpty else { throw .invalid(problems) }
        return results
    }

    /// Writes one element after the other.
    ///
    /// - Returns: what `write` returned, in the same order.
    /// - Throws: a ``Problem`` that names the element, if it is the element's.
    static func write<Element>(_ elements: [Element], _ write: (Element) async throws -> Row) async throws -> [Row] {
        var rows: [Row] = []
        for (index, element) in elements.enumerated() {
            do {
                rows.append(try await write(element))
            } catch let error as DomainError {
                let problem = Problem(error)
                // What the store cannot do now is not wrong with an element, and may be tried again.
                guard problem.status.code < 500 else { throw error }
                throw problem.of("/\(index)")
            }
        }
        return rows
    }

    /// The rows that were written, in the order of the elements.
    struct Rows: JSONEncodable {
        private let rows: [Row]
        private let schema: Schema

        init(_ rows: [Row], _ schema: Schema) {
            self.rows = rows
            self.schema = schema
        }

        func encode(to json: inout JSONWriter) {
            json.object { json in
                json.key("items")
                json.array { json in
                    for row in rows { json.row(row, of: schema) }
                }
            }
        }
    }
}

extension Problem {
    /// The same problem with the element of an array that stands at `pointer`.
    fileprivate func of(_ pointer: String) -> Problem {
        var problem = self
        problem.detail = "\(pointer): \(detail)"
        problem.errors =
            errors.isEmpty
            ? [FieldProblem(pointer: pointer, detail: detail)]
            : errors.map { FieldProblem(pointer: pointer + $0.pointer, detail: $0.detail) }
        return problem
    }
}
