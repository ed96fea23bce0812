import API
import Domain
import HTTPServer
import LarderTesting
import MemoryStore
import Model

/// The routes of the API over a store of their own, and a client of them that needs no socket.
struct TestAPI: APIClient {
    let larder: LarderAPI
    let reports = Reports()

    /// What was reported for the log.
    final class Reports {
        var errors: [any Error] = []
    }

    /// - Parameter store: what the rows are in, made from an empty store in memory.
    init(
        _ declarations: Declarations = Domain.declarations, taxPercent: String = "8.25", compresses: Bool = true,
        store: (InMemoryStore) -> any Store = { $0 }
    ) {
        var options = LarderAPI.Options(deadlineMilliseconds: 10_000, compresses: compresses)
        options.settings.set(Order.salesTax, Percent(taxPercent)!)
        let reports = reports
        larder = LarderAPI(declarations, store(InMemoryStore(MemoryDatabase(), now: { 0 })), options, now: { 0 }) { error, _ in
            reports.errors.append(error)
        }
    }

    var router: Router { larder.router }

    func exchange(
        _ method: String, _ target: String, _ body: String?, headers: KeyValuePairs<String, String>
    ) async throws -> Answer {
        try await HandlerClient(router).exchange(method, target, body, headers: headers)
    }
}
