/// Lets a few tests at a time have something in the shared PostgreSQL, so that all find connections.
actor Turns {
    static let shared = Turns()
    private var free = 8
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
