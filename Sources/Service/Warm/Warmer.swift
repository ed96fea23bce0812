internal import CacheCoordinator
internal import EventLoop
internal import Model

/// Reads what of a resource is asked for most, as clients do, so that its cache has it: how many rows there are, the first page
/// of them, and the rows one by one, the newest first.
struct Warmer {
    let repository: any Repository
    let loop: Loop
    /// How many rows it reads at most; nil for all.
    let limit: Int?
    /// Told of how many rows there are to read, and how many were.
    let progress: (_ all: Int, _ done: Int) -> Void

    /// How many rows are read at a time.
    private let batchSize = 200
    private let batchMilliseconds: UInt64 = 60_000

    /// - Returns: how many of the values the cache has now.
    /// - Throws: ``CacheLost``; what the store throws.
    func run() async throws -> Int {
        let count = try await read { try await repository.count([], $0) }
        let page = try await read { try await repository.list(Query(of: repository.schema), $0) }
        var entries = count.entries + page.entries
        var rest = limit ?? .max
        let all = min(rest, count.value.flatMap(Count.init).map { Int($0.count) } ?? 0)
        var query = Query(of: repository.schema, sort: [.init(column: 0, isDescending: true)])
        var done = 0
        while rest > 0 {
            query.limit = min(rest, batchSize)
            let ids = try await repository.ids(query, deadline: deadline)
            entries += try await read(ids)
            done += ids.count
            rest -= ids.count
            progress(max(all, done), done)
            guard ids.count == query.limit, let last = ids.last else { break }
            query.cursor = Query.Cursor(values: [last])
        }
        return entries
    }

    private var deadline: UInt64 { loop.now + batchMilliseconds }

    /// Reads rows at the same time, so that few round trips serve them all.
    private func read(_ ids: [Value]) async throws -> Int {
        var entries = 0
        var failure: (any Error)?
        await loop.concurrently(ids) { id in
            do {
                let row = try await read { try await repository.find(id, $0) }
                entries += row.entries
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return entries
    }

    /// - Returns: the value, and how many entries the cache has of it.
    private func read(
        _ body: (ReadContext) async throws -> Encoded?
    ) async throws -> (value: Encoded?, entries: Int) {
        let context = ReadContext(deadline: deadline)
        let value = try await body(context)
        switch context.outcome {
        case .hit, .stored, .collapsed: return (value, 1)
        case .bypass(.unreachable), .bypass(.closed), .unverified: throw CacheLost()
        // Somebody is writing it: whoever reads it next stores it.
        case .bypass, .request, nil: return (value, 0)
        }
    }
}

/// The cache that was to be filled cannot be used any more.
struct CacheLost: Error {}
