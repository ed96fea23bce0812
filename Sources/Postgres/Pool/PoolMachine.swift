internal import Bytes

/// Decides for a pool who gets which connection, when to open one, when to wait, and whom to turn away.
///
/// A value without I/O: events go in, with the time at which they happened, and actions come out. It knows
/// connections and callers by numbers only.
///
/// - *Shared* callers run one pipeline. They take an idle connection, or join the least busy one.
/// - *Exclusive* callers run a transaction, alone on a connection. When one waits, a connection is set aside for it:
///   it takes nobody new and is lent as soon as it is idle.
///
/// A connection that was idle for long is closed, and so is one of several while another pool of the process has none and gets
/// none.
///
/// While the server cannot be reached, one attempt at a time is made, after a growing pause. Callers then fail at
/// once, but for the one whose call makes the attempt. Before the first failure they wait.
struct PoolMachine {
    typealias ConnectionID = Int
    typealias CallerID = Int

    let limits: PoolLimits
    private var members: [Member] = []
    private var sharedLine = FIFO<Waiter>()
    private var exclusiveLine = FIFO<Waiter>()
    private var nextConnection = 1
    private var nextNumber = 0
    /// Attempts to connect that failed since the last that did not.
    private(set) var failures = 0
    /// When the next attempt may be made.
    private(set) var retryAt: UInt64 = 0
    /// Somebody needed a connection before, and will again.
    private var isWanted = false
    private(set) var isClosing = false
    /// Another pool of the process has no connection and gets none. So this one opens none but its first.
    private(set) var isSharing = false

    init(_ limits: PoolLimits) { self.limits = limits }

    var waiting: Int { sharedLine.count + exclusiveLine.count }
    var connected: Int { members.count { $0.isConnected } }
    var idle: Int { members.count { $0.isIdle } }
    var connecting: Int { members.count { !$0.isConnected } }
    var isClosed: Bool { isClosing && members.isEmpty && waiting == 0 }
    /// Whether nothing happens and nothing is pending, so that time does not matter.
    var isQuiet: Bool { waiting == 0 && !needsProbe && members.allSatisfy(\.isIdle) }

    /// Whether the server is being looked for without anybody asking.
    private var needsProbe: Bool { isWanted && members.isEmpty && !isClosing }

    // MARK: - Callers

    /// Somebody wants a connection.
    mutating func request(_ caller: CallerID, _ use: Use, deadline: UInt64, now: UInt64) -> [Action] {
        guard !isClosing else { return [.refuse(caller, .closed)] }
        guard deadline > now else { return [.refuse(caller, .deadlineExceeded)] }
        isWanted = true
        if let index = candidate(for: use, now) {
            let wasIdle = members[index].isIdle
            let lease = lease(index, to: caller, use, now)
            // Enough for now; another connection would be better, but one at a time.
            return wasIdle || connecting > 0 ? [lease] : [lease] + open(now)
        }
        let isDown = failures > 0 && connected == 0
        guard !isDown || (connecting == 0 && now >= retryAt) else { return [.refuse(caller, .unreachable)] }
        guard waiting < limits.waiting else { return [.refuse(caller, .exhausted)] }
        nextNumber += 1
        let waiter = Waiter(caller: caller, deadline: deadline, number: nextNumber)
        switch use {
        case .shared: sharedLine.append(waiter)
        case .exclusive: exclusiveLine.append(waiter)
        }
        let opening = connecting < waiting ? open(now) : []
        reserve()
        return opening
    }

    /// A shared caller has its answer, or gave up.
    mutating func finished(_ id: ConnectionID, now: UInt64) -> [Action] {
        guard let index = index(id) else { return [] }
        members[index].load -= 1
        members[index].busySince = now
        members[index].idleSince = now
        return serve(now)
    }

    /// An exclusive caller gave its connection back, with no transaction open.
    mutating func released(_ id: ConnectionID, now: UInt64) -> [Action] {
        guard let index = index(id) else { return [] }
        members[index].isExclusive = false
        members[index].idleSince = now
        return serve(now)
    }

    // MARK: - Connections

    mutating func connected(_ id: ConnectionID, now: UInt64) -> [Action] {
        guard let index = index(id) else { return [] }
        members[index].isConnected = true
        members[index].idleSince = now
        failures = 0
        return serve(now)
    }

    /// - Parameter jitter: random in 0..<1.
    mutating func connectFailed(_ id: ConnectionID, now: UInt64, jitter: Double) -> [Action] {
        guard let index = index(id) else { return [] }
        // Attempts that were made side by side fail as one.
        failures = max(failures, members.remove(at: index).failuresBefore + 1)
        retryAt = now + limits.pause(after: failures, jitter: jitter)
        reserve()
        // While others are connected, those who wait will be served by them.
        return connected > 0 || connecting > 0 ? [] : refuseAll(.unreachable)
    }

    /// A connection broke, or was closed. Those who have it find out by themselves.
    mutating func lost(_ id: ConnectionID, now: UInt64) -> [Action] {
        guard let index = index(id) else { return [] }
        members.remove(at: index)
        reserve()
        return connecting < waiting ? open(now) : []
    }

    /// A connection is busy with something of its own, a cancelled statement, or is so no longer.
    mutating func setHeld(_ id: ConnectionID, _ isHeld: Bool, now: UInt64) -> [Action] {
        guard let index = index(id) else { return [] }
        members[index].isHeld = isHeld
        members[index].idleSince = now
        return isHeld ? [] : serve(now)
    }

    // MARK: - Time

    /// Time passed: whoever waited too long is told, the server is looked for if it was lost, and connections of no use are
    /// closed.
    ///
    /// - Parameter isSharing: whether another pool of the process has no connection and gets none.
    mutating func tick(now: UInt64, isSharing: Bool = false) -> [Action] {
        let late = sharedLine.removeAll { $0.deadline <= now } + exclusiveLine.removeAll { $0.deadline <= now }
        self.isSharing = isSharing
        if isSharing, connected > 1, !members.contains(where: \.isLeaving) { letOneGo() }
        if !late.isEmpty { reserve() }
        let isShort = needsProbe || connecting < waiting
        return late.map { .refuse($0.caller, .deadlineExceeded) } + (isShort ? open(now) : []) + leave(now)
    }

    /// Chooses a connection to be closed, one that is free if there is one.
    private mutating func letOneGo() {
        let candidates = members.indices.filter { members[$0].isConnected && !members[$0].isHeld }
        let index = candidates.first { members[$0].isIdle } ?? candidates.min { members[$0].load < members[$1].load }
        guard let index else { return }
        members[index].isLeaving = true
        members[index].isReserved = false
        reserve()
    }

    /// Closes what is to be closed, or has done nothing for long.
    private mutating func leave(_ now: UInt64) -> [Action] {
        for index in members.indices where members[index].isIdle && now >= members[index].idleSince + limits.idleTime {
            members[index].isLeaving = true
        }
        let leaving = members.filter { $0.isLeaving && $0.isUnused }
        // Nobody looks for the server when all have gone for want of work.
        if !leaving.isEmpty, waiting == 0, leaving.count == members.count { isWanted = false }
        return leaving.map { .close($0.id) }
    }

    /// Nobody new is let in; who waits or runs is served, and connections are closed as they become idle.
    mutating func close(now: UInt64) -> [Action] {
        isClosing = true
        return serve(now)
    }

    /// Whoever waits is told that it is over.
    mutating func refuseAll(_ refusal: Refusal) -> [Action] {
        let all = sharedLine.removeAll { _ in true } + exclusiveLine.removeAll { _ in true }
        reserve()
        return all.map { .refuse($0.caller, refusal) }
    }

    // MARK: - Choosing

    /// The connection that a caller may have now.
    private func candidate(for use: Use, _ now: UInt64) -> Int? {
        switch use {
        case .exclusive:
            // Who came before goes first.
            guard exclusiveLine.isEmpty, exclusives < limits.exclusive else { return nil }
            return members.firstIndex { $0.isIdle && !$0.isReserved }
        case .shared:
            guard sharedLine.isEmpty else { return nil }
            return leastBusy(now, evenReserved: false)
        }
    }

    private func leastBusy(_ now: UInt64, evenReserved: Bool) -> Int? {
        var best: Int?
        for (index, member) in members.enumerated() where takesShared(member, now) {
            if member.isReserved, !evenReserved { continue }
            if member.load == 0 { return index }
            if best.map({ member.load < members[$0].load }) ?? true { best = index }
        }
        return best
    }

    private func takesShared(_ member: Member, _ now: UInt64) -> Bool {
        guard member.isConnected, !member.isExclusive, !member.isHeld, !member.isLeaving else { return false }
        return member.load == 0 || (member.load < limits.pipelineDepth && now < member.busySince + limits.slowAfter)
    }

    private var exclusives: Int { members.count { $0.isExclusive } }

    private mutating func lease(_ index: Int, to caller: CallerID, _ use: Use, _ now: UInt64) -> Action {
        switch use {
        case .exclusive:
            members[index].isExclusive = true
            members[index].isReserved = false
        case .shared:
            if members[index].load == 0 { members[index].busySince = now }
            members[index].load += 1
        }
        return .lease(caller, members[index].id)
    }

    /// Lends what is free to those who wait, the oldest first where both kinds could have it.
    private mutating func serve(_ now: UInt64) -> [Action] {
        var actions: [Action] = []
        while waiting > 0 {
            reserve()
            let exclusive = exclusives < limits.exclusive ? exclusiveLine.first : nil
            let shared = sharedLine.first
            // What is set aside for an exclusive caller is not kept from those who came before it.
            let sharedIsOlder = (shared?.number ?? .max) < (exclusiveLine.first?.number ?? .max)
            if let shared, sharedIsOlder || exclusive == nil, let index = leastBusy(now, evenReserved: sharedIsOlder) {
                _ = sharedLine.popFirst()
                actions.append(lease(index, to: shared.caller, .shared, now))
            } else if let exclusive, let index = members.firstIndex(where: \.isIdle) {
                _ = exclusiveLine.popFirst()
                actions.append(lease(preferReserved(index), to: exclusive.caller, .exclusive, now))
            } else if let shared, !sharedIsOlder, let index = leastBusy(now, evenReserved: false) {
                _ = sharedLine.popFirst()
                actions.append(lease(index, to: shared.caller, .shared, now))
            } else {
                break
            }
        }
        reserve()
        for member in members where member.isUnused && (member.isLeaving || isClosing && waiting == 0) {
            actions.append(.close(member.id))
        }
        return actions
    }

    private func preferReserved(_ index: Int) -> Int {
        members.firstIndex { $0.isIdle && $0.isReserved } ?? index
    }

    /// Sets as many connections aside as exclusive callers wait for and may have, those with the least to finish.
    private mutating func reserve() {
        // Connections under way will be theirs.
        let wanted = min(exclusiveLine.count, limits.exclusive - exclusives) - connecting
        for index in members.indices.reversed() where members[index].isReserved {
            if members.count(where: \.isReserved) > wanted { members[index].isReserved = false }
        }
        while members.count(where: \.isReserved) < wanted {
            let free = members.indices.filter {
                members[$0].isConnected && !members[$0].isExclusive && !members[$0].isReserved && !members[$0].isHeld
                    && !members[$0].isLeaving
            }
            guard let index = free.min(by: { members[$0].load < members[$1].load }) else { return }
            members[index].isReserved = true
        }
    }

    private mutating func open(_ now: UInt64) -> [Action] {
        guard members.count < limits.size, !(isClosing && waiting == 0), !(isSharing && !members.isEmpty) else { return [] }
        if failures > 0 {
            guard connecting == 0, now >= retryAt else { return [] }
        }
        let id = nextConnection
        nextConnection += 1
        members.append(Member(id: id, failuresBefore: failures))
        return [.open(id)]
    }

    private func index(_ id: ConnectionID) -> Int? {
        members.firstIndex { $0.id == id }
    }
}
