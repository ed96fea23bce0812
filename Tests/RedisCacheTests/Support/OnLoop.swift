import EventLoop

extension Loop {
    /// Waits until `condition` holds, or for so many milliseconds. Returns whether it holds.
    func wait(atMost milliseconds: UInt64 = 5_000, until condition: () async throws -> Bool) async rethrows -> Bool {
        let end = now + milliseconds
        while now < end {
            if try await condition() { return true }
            await sleep(milliseconds: 2)
        }
        return try await condition()
    }

    /// Starts a task for each element and waits for all of them. All of them begin in the same turn.
    func all<Element, Outcome>(
        _ elements: [Element], _ body: @escaping (Element) async throws -> Outcome
    ) async throws -> [Outcome] {
        var outcomes = [Result<Outcome, any Error>?](repeating: nil, count: elements.count)
        var missing = elements.count
        if missing == 0 { return [] }
        await withUnsafeContinuation { done in
            for (index, element) in elements.enumerated() {
                spawn {
                    do { outcomes[index] = .success(try await body(element)) } catch { outcomes[index] = .failure(error) }
                    missing -= 1
                    if missing == 0 { done.resume() }
                }
            }
        }
        return try outcomes.map { try $0!.get() }
    }
}

/// What happened, in its order.
final class Log<Item> {
    var items: [Item] = []
}
