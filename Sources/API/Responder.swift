internal import HTTPServer
internal import Model

/// What the routes share: the store, the clock, and how results and errors become answers.
final class Responder {
    let store: any Store
    let options: LarderAPI.Options
    private let now: () -> UInt64
    private let report: (any Error, Request) -> Void

    /// How often a unit of work that met another one is tried in all.
    private static let attempts = 3

    /// - Parameters:
    ///   - now: milliseconds of the loop's clock.
    ///   - report: told of errors that no client caused.
    init(
        _ store: any Store, _ options: LarderAPI.Options, now: @escaping () -> UInt64,
        report: @escaping (any Error, Request) -> Void
    ) {
        self.store = store
        self.options = options
        self.now = now
        self.report = report
    }

    func context(for request: Request) -> ReadContext {
        ReadContext(
            deadline: now() + options.deadlineMilliseconds, demand: CacheDemand(of: request),
            coding: options.compresses ? Coding(for: request) : nil)
    }

    /// Runs a unit of work; one that met another one is run again.
    func write<Result>(_ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        let deadline = now() + options.deadlineMilliseconds
        for _ in 1..<Self.attempts {
            do {
                return try await store.write(deadline: deadline, body)
            } catch DomainError.contention {
                continue
            }
        }
        return try await store.write(deadline: deadline, body)
    }

    /// Answers with what `body` returns, or with the problem that it throws.
    ///
    /// - Parameter isJSON: whether the answer has no other form, so that clients have to take JSON.
    func answer(_ request: Request, isJSON: Bool = true, _ body: () async throws -> Response) async -> Response {
        do {
            if isJSON { try MediaRanges.demandJSON(in: request) }
            return try await body()
        } catch let problem as Problem {
            return problem.response
        } catch let error as DomainError {
            switch error {
            case .unavailable, .unwritable: report(error, request)
            default: break
            }
            return Problem(error).response
        } catch let error as UnreadableRow {
            report(error, request)
            return Problem(error).response
        } catch let error as InvalidParameters {
            return Problem.invalidParameters(error.problems).response
        } catch let error as BadRequest {
            return Problem.badRequest(error.detail).response
        } catch let error as BodyError {
            return Problem(error).response
        } catch is CommitOutcomeUnknown {
            report(CommitOutcomeUnknown(), request)
            return Problem.outcomeUnknown.response
        } catch {
            report(error, request)
            return Problem.unexpected.response
        }
    }

    /// The body of a request that has to have one.
    static func jsonBody(of request: Request) async throws -> JSONValue {
        guard request.hasBody else { throw Problem.lengthRequired }
        // Whether there is one at all was looked at by ``Admission``.
        if let type = request.header("content-type"), !BodyTypes(of: request.method).contain(type) {
            throw Problem.unsupportedMediaType(type.excerpt, request.method)
        }
        return try json(try await request.body())
    }

    static func json(_ body: [UInt8]) throws(Problem) -> JSONValue {
        do throws(JSONReader.Malformed) {
            return try JSONReader.read(body)
        } catch {
            throw .badRequest("The body is not JSON: \(error.reason), at byte \(error.offset).")
        }
    }

    /// For a request to a collection, which has no state that a condition could name.
    func refuseConditions(of request: Request) throws(Problem) {
        let conditions = [("If-Match", request.hasHeader("if-match")), ("If-None-Match", request.hasHeader("if-none-match"))]
        for (name, isGiven) in conditions where isGiven {
            throw .badRequest("\(name) can be met by one row at its own path alone; leave it out here.")
        }
    }

    /// For a request that knows no parameters.
    func refuseParameters(of request: Request) throws {
        guard request.hasQuery else { return }
        let items = try request.queryItems()
        guard items.isEmpty else {
            throw InvalidParameters(items.map { InvalidParameter($0.name, "is unknown here") })
        }
    }
}
