public import EventLoop
public import Model

/// This process among those that share a cache: it holds the lease, and announces what a worker could not.
///
/// One in each process, on a loop of its own choice.
public final class Membership {
    /// How it goes about it, in milliseconds.
    public struct Limits: Sendable {
        /// How long an instance may use the cache after it last asked the store.
        public var lease: UInt64 = 5_000
        /// What is waited beyond that for a member that does not answer.
        public var margin: UInt64 = 500
        /// How long another member may take to announce what this one cannot.
        public var relay: UInt64 = 150
        /// How many are asked for that, one after the other.
        public var relays = 2
        /// How long the store may take to answer.
        public var question: UInt64 = 2_000

        public init() {}
    }

    /// What it has done.
    public struct Counters: Sendable {
        /// Writes that were announced for workers or other members.
        public var announced = 0
        /// Writes that another member announced.
        public var relayed = 0
        /// Times that this member closed the cache, and opened it.
        public var closed = 0
        /// Times that it opened it.
        public var opened = 0
        /// Writes of others than the service that were heard of.
        public var heard = 0
        /// Times that messages may have been missed.
        public var gaps = 0
    }

    /// The permission to use the cache, for all workers.
    public let lease: CacheLease
    /// What it has done.
    public private(set) var counters = Counters()
    private let loop: Loop
    private let authority: any CacheAuthority
    private let backend: (any OperatedBackend)?
    private let limits: Limits
    private let observe: (MembershipEvent) -> Void
    private var machine: MembershipMachine
    private let timer: Timer
    private let recount: Timer
    private var isRenewing = false
    private var isAskedAgain = false
    private var isOver = false
    /// Whether it was told that the store cannot be asked.
    private var isFailureTold = false
    private let relays: Relays

    /// - Parameters:
    ///   - backend: reaches the cache server from this loop; nil for a process that only writes.
    ///   - observe: told of what people should know; called on the loop.
    public init(
        _ lease: CacheLease, _ authority: any CacheAuthority, _ backend: (any OperatedBackend)?, on loop: Loop,
        limits: Limits = Limits(), observe: @escaping (MembershipEvent) -> Void = { _ in }
    ) {
        self.lease = lease
        self.authority = authority
        self.backend = backend
        self.loop = loop
        self.limits = limits
        self.observe = observe
        machine = MembershipMachine(length: limits.lease, margin: limits.margin)
        relays = Relays(authority, on: loop, patience: limits.relay)
        timer = Timer(on: loop)
        recount = Timer(on: loop)
    }

    /// Begins to ask for the lease, and goes on until ``leave()``.
    public func start() {
        authority.onMessage = { [weak self] in self?.heard($0) }
        authority.onGap = { [weak self] in
            guard let self else { return }
            counters.gaps += 1
            perform(machine.missedMessages())
        }
        backend?.onLifeChange = { [weak self] in
            guard let self else { return }
            perform(machine.reached(self.backend?.life))
        }
        perform(machine.reached(backend?.life))
        timer.start(after: 0) { [weak self] in self?.tick() }
    }

    /// Gives the lease back, and is forgotten by the others.
    public func leave() async {
        isOver = true
        timer.stop()
        recount.stop()
        lease.give(nil)
        try? await authority.leave()
    }

    // MARK: The lease

    private func tick() {
        renew()
        timer.start(after: max(limits.lease / 5, 1)) { [weak self] in self?.tick() }
    }

    private func renew() {
        guard !isRenewing else {
            isAskedAgain = true
            return
        }
        guard !isOver, backend != nil else { return }
        isRenewing = true
        loop.spawn { [self] in
            repeat {
                isAskedAgain = false
                // By a clock that is read now: the loop's may be older.
                let sentAt = SystemClock.elapsed
                do {
                    let row = try await authority.renew(
                        obeys: machine.obeys, life: machine.life, lease: machine.length)
                    learned(row, sentAt: sentAt)
                    isFailureTold = false
                } catch {
                    if !isFailureTold { observe(.cannotAsk("\(error)")) }
                    isFailureTold = true
                    break
                }
            } while isAskedAgain && !isOver
            isRenewing = false
        }
    }

    private func learned(_ row: CacheRow, sentAt: UInt64? = nil) {
        let before = machine.row
        perform(machine.learned(row, sentAt: sentAt, now: SystemClock.elapsed))
        if row.isOpen, before != row { observe(.isOpen(row)) }
        if !row.isOpen, before?.isOpen == true { observe(.isClosed(row)) }
    }

    private func perform(_ actions: [MembershipMachine.Action]) {
        for action in actions where !isOver {
            switch action {
            case .grant(let grant): lease.give(grant)
            case .renew: renew()
            case .count: loop.spawn { [self] in await count() }
            case .countLater(let milliseconds):
                recount.start(after: milliseconds) { [self] in loop.spawn { [self] in await count() } }
            case .close(let epoch): loop.spawn { [self] in try? await close(epoch) }
            case .open(let epoch, let laggards): loop.spawn { [self] in await open(epoch, forgetting: laggards) }
            }
        }
    }

    private func count() async {
        guard let members = try? await authority.members() else { return }
        perform(machine.counted(members, now: SystemClock.elapsed))
    }

    private func open(_ epoch: UInt64, forgetting laggards: [String]) async {
        guard let life = machine.life, life == backend?.life else { return }
        guard let row = try? await authority.open(epoch, life: life, forgetting: laggards) else { return }
        counters.opened += 1
        learned(row)
    }

    private func close(_ epoch: UInt64) async throws {
        learned(try await authority.close(epoch))
        counters.closed += 1
    }

    // MARK: Messages

    private func heard(_ message: CacheMessage) {
        switch message {
        case .row: loop.spawn { [self] in await lookAtRow() }
        case .relay(let relay) where relay.to == authority.member: loop.spawn { [self] in await answer(relay) }
        case .answer(let member, let number, let isDone) where member == authority.member: relays.answered(number, isDone)
        case .changed(let id, let tags): loop.spawn { [self] in await mark(id, tags) }
        case .relay, .answer, .beat: break
        }
    }

    private func lookAtRow() async {
        guard let row = try? await authority.row() else { return }
        learned(row)
    }

    private func answer(_ relay: CacheMessage.Relay) async {
        var isDone = false
        if let backend {
            do throws(CacheUnavailable) {
                try await backend.announce(relay.id, on: relay.tags, in: relay.keyspace, life: relay.life)
                isDone = true
                counters.announced += 1
            } catch {}
        }
        try? await authority.send([.answer(to: relay.from, number: relay.number, isDone: isDone)])
    }

    /// Others than the service have written: readers who look from now on know of it.
    private func mark(_ id: UInt64, _ tags: [Tag]?) async {
        counters.heard += 1
        guard let row = machine.row, row.isOpen, let life = row.life, let backend else { return }
        if let tags {
            do throws(CacheUnavailable) {
                return try await backend.announce(id, on: tags, in: row.keyspace, life: life)
            } catch {
                // Every member hears of it, and those who reach the server do it.
                let others = (try? await authority.members()) ?? []
                if others.contains(where: { $0.life == life && $0.isLive && $0.id != authority.member }) { return }
            }
        }
        try? await close(row.epoch)
    }
}

// What workers cannot announce themselves.
extension Membership: Announcer {
    /// Returns when it is announced by somebody, or nobody uses the cache any more.
    public func announce(_ id: UInt64, on tags: [Tag], deadline: UInt64) async throws {
        while true {
            guard loop.now < deadline else { throw DomainError.deadlineExceeded }
            // After the transaction has its id: who opens the cache later asks who runs, and finds it.
            let row = try await authority.row()
            learned(row)
            if !row.isOpen {
                // Nobody is to use it any more before something is committed that was not announced.
                if try await waitUntilSettled(row.epoch, deadline: deadline) { return }
            } else if row.isSameHistory, try await announce(id, on: tags, by: row) {
                return
            } else {
                observe(.nobodyAnnounces)
                try await close(row.epoch)
            }
        }
    }

    private func announce(_ id: UInt64, on tags: [Tag], by row: CacheRow) async throws -> Bool {
        guard let life = row.life else { return false }
        if let backend, backend.life == life {
            do throws(CacheUnavailable) {
                try await backend.announce(id, on: tags, in: row.keyspace, life: life)
                counters.announced += 1
                return true
            } catch {}
        }
        let others = try await authority.members().filter { $0.life == life && $0.isLive && $0.id != authority.member }
        for other in others.shuffled().prefix(limits.relays) {
            if try await relays.ask(other.id, toAnnounce: id, on: tags, in: row.keyspace, life: life) {
                counters.relayed += 1
                return true
            }
        }
        return false
    }

    /// Waits until nobody uses the cache that was closed in this epoch.
    ///
    /// - Returns: false if it was opened meanwhile.
    private func waitUntilSettled(_ epoch: UInt64, deadline: UInt64) async throws -> Bool {
        while machine.settledEpoch != epoch {
            guard loop.now < deadline else { throw DomainError.deadlineExceeded }
            let members = try await authority.members()
            guard machine.row?.epoch == epoch else { return false }
            if machine.settle(members, now: SystemClock.elapsed).isSettled { break }
            await loop.sleep(milliseconds: MembershipMachine.pause)
        }
        return true
    }
}
