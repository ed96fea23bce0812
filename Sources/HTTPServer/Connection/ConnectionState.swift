/// What a connection is doing, and until when. A pure value: it is told what happens. Times are in milliseconds of its owner's
/// clock.
struct ConnectionState {
    enum Phase {
        /// Waiting for a request, or in its head.
        case reading
        /// A head is complete: its handler runs, or will at the end of this turn of the loop.
        case handling
        /// The client has not taken the responses so far. The next request has to wait.
        case blocked
        /// The last response was given. When it is sent, the connection ends.
        case finishing
        /// All was sent and our side has ended; what arrives is forgotten until the client ends too.
        case lingering
        case closed
    }

    /// What has not happened in time.
    enum Delay {
        /// A request was to begin.
        case request
        /// The rest of a head.
        case head
        /// Content that the handler waits for.
        case content
        /// The client's end.
        case end
    }

    private(set) var phase = Phase.reading
    /// When the present wait is over; `.max` if there is none.
    private var deadline: UInt64
    /// Whether a part of a head is there.
    private var hasBegunHead = false
    /// Bytes that were read and forgotten at the end.
    private var forgottenBytes = 0

    /// A connection that was accepted just now.
    init(_ now: UInt64, _ limits: ServerLimits) { deadline = now + limits.headerMilliseconds }

    /// Whether no request is under way.
    var isBetweenRequests: Bool { phase == .reading && !hasBegunHead || phase == .blocked }

    /// What has not happened by now, if it should have.
    func delay(_ now: UInt64) -> Delay? {
        guard now >= deadline else { return nil }
        switch phase {
        case .reading: return hasBegunHead ? .head : .request
        case .handling: return .content
        case .lingering: return .end
        case .blocked, .finishing, .closed: return nil
        }
    }

    // MARK: Requests

    /// The next request may come.
    mutating func awaitRequest(_ now: UInt64, _ limits: ServerLimits) {
        phase = .reading
        deadline = now + limits.idleMilliseconds
    }

    /// A part of a head is there.
    ///
    /// - Returns: whether it is the first one.
    mutating func beginHead(_ now: UInt64, _ limits: ServerLimits) -> Bool {
        guard !hasBegunHead else { return false }
        hasBegunHead = true
        deadline = now + limits.headerMilliseconds
        return true
    }

    /// All of a head is there.
    mutating func endHead() {
        hasBegunHead = false
        phase = .handling
        deadline = .max
    }

    /// The handler waits for content.
    mutating func awaitContent(_ now: UInt64, _ limits: ServerLimits) { deadline = now + limits.bodyMilliseconds }

    /// The handler waits no more.
    mutating func endContent() { deadline = .max }

    /// The next request has to wait until the client has taken some of the responses.
    mutating func block() { phase = .blocked }

    // MARK: The end

    /// The last response was given.
    ///
    /// - Returns: false if the connection is closed already.
    mutating func finish() -> Bool {
        guard phase != .closed else { return false }
        phase = .finishing
        deadline = .max
        return true
    }

    /// All was sent.
    ///
    /// - Returns: whether the client is given time to end; else the connection is to be closed.
    mutating func linger(_ now: UInt64, _ limits: ServerLimits) -> Bool {
        guard forgottenBytes <= limits.maxLingerBytes else { return false }
        phase = .lingering
        deadline = now + limits.lingerMilliseconds
        return true
    }

    /// Bytes have come of which nothing is kept.
    ///
    /// - Returns: whether more of them are to be read.
    mutating func forget(_ count: Int, _ limits: ServerLimits) -> Bool {
        forgottenBytes += count
        return forgottenBytes <= limits.maxLingerBytes
    }

    mutating func close() { phase = .closed }
}
