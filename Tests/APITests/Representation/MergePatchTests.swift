import Model
import Testing

@testable import API

/// RFC 7396, for objects of fields.
@Suite struct `A merge patch` {
    private static let before: Sample = {
        var sample = Sample()
        sample.label = "abc"
        sample.number = 7
        sample.note = "n"
        sample.size = 3
        return sample
    }()

    private func patched(_ json: String) throws -> Sample {
        Sample(values: try RecordBody(JSONReader.read(Array(json.utf8)), of: Sample.columns).merged(into: Self.before.values))
    }

    private func problems(_ json: String) throws -> [FieldProblem] {
        let body = try RecordBody(JSONReader.read(Array(json.utf8)), of: Sample.columns)
        do throws(DomainError) {
            _ = try body.merged(into: Self.before.values)
            return []
        } catch {
            guard case .invalid(let problems) = error else { throw error }
            return problems
        }
    }

    @Test func `without members changes nothing`() throws {
        #expect(try patched("{}") == Self.before)
    }

    @Test func `changes what it names and nothing else`() throws {
        var expected = Self.before
        expected.label = "xyz"
        expected.size = 4
        #expect(try patched(#"{"label": "xyz", "size": 4}"#) == expected)
    }

    @Test func `sets to null what may be null`() throws {
        var expected = Self.before
        expected.note = nil
        #expect(try patched(#"{"note": null}"#) == expected)
    }

    @Test(arguments: ["label", "size", "flag"])
    func `cannot set to null what may not be`(field: String) throws {
        #expect(try problems("{\"\(field)\": null}") == [FieldProblem(field: field, "must not be null")])
    }

    @Test func `hears of all its problems at once, and of nothing that is missing`() throws {
        let problems = try problems(#"{"label": 1, "size": 0, "id": 1, "total": "1", "x": null, "number": 8}"#)
        #expect(Set(problems.map(\.pointer)) == ["/label", "/size", "/id", "/total", "/x"])
    }
}
