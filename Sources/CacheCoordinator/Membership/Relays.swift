internal import EventLoop
internal import Model

/// The announcements that other members were asked to make.
final class Relays {
    private let authority: any CacheAuthority
    private let loop: Loop
    private let patience: UInt64
    /// Those that are waited for.
    private var waiting: [UInt64: Promise<Bool>] = [:]
    private var last: UInt64 = 0

    /// - Parameter patience: how many milliseconds a member may take.
    init(_ authority: any CacheAuthority, on loop: Loop, patience: UInt64) {
        self.authority = authority
        self.loop = loop
        self.patience = patience
    }

    /// Asks a member to announce a transaction, in as many messages as its tags take.
    ///
    /// - Returns: whether all of it was done.
    func ask(
        _ member: String, toAnnounce id: UInt64, on tags: [Tag], in keyspace: Keyspace, life: String
    ) async throws -> Bool {
        var relay = CacheMessage.Relay(
            to: member, from: authority.member, number: .max, keyspace: keyspace, life: life, id: id, tags: [])
        let head = CacheMessage.relay(relay).text.utf8.count + 1
        var messages: [CacheMessage] = []
        var answers: [(number: UInt64, promise: Promise<Bool>)] = []
        for part in tags.parts(beside: head) {
            last += 1
            (relay.number, relay.tags) = (last, part)
            messages.append(.relay(relay))
            let promise = Promise<Bool>()
            waiting[last] = promise
            answers.append((last, promise))
        }
        let timer = Timer(on: loop)
        timer.start(after: patience) { for answer in answers { answer.promise.give(false) } }
        defer {
            timer.stop()
            for answer in answers { waiting[answer.number] = nil }
        }
        try await authority.send(messages)
        for answer in answers where await !answer.promise.wait() { return false }
        return true
    }

    /// A member has answered.
    func answered(_ number: UInt64, _ isDone: Bool) { waiting[number]?.give(isDone) }
}
