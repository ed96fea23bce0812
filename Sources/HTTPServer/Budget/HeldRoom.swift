/// The room that there is for what is held for all clients of a server: a budget for requests and one for answers. It is charged
/// before bytes are kept, and no more is given back than was taken.
final class HeldRoom {
    private var requests: ByteBudget
    private var answers: ByteBudget
    /// Until when nobody looks for clients that stall, by the loop's clock.
    private var nextSearch: [HeldKind: UInt64] = [:]

    /// - Parameter bytes: the most that is held, one half of it for each kind.
    init(bytes: Int) {
        requests = ByteBudget(capacity: bytes / 2)
        answers = ByteBudget(capacity: bytes / 2)
    }

    /// The bytes that are held.
    var held: [HeldKind: Int] { [.request: requests.held, .answer: answers.held] }

    // MARK: Requests

    /// Takes room for so many bytes of a request, if there is room for all of them.
    ///
    /// - Returns: whether they were taken.
    func takeRequest(_ count: Int) -> Bool { requests.take(count) }

    /// Whether there is room for so many bytes of a request.
    func hasRoomForRequest(_ count: Int) -> Bool { requests.hasRoom(for: count) }

    /// Whether so many bytes of requests may be held for one client, if nothing is held for others.
    func couldHoldRequests(_ count: Int) -> Bool { count <= requests.capacity }

    /// Gives back so many bytes of requests.
    func giveBackRequest(_ count: Int) { requests.giveBack(count) }

    // MARK: Answers

    /// Takes room for so many copied bytes of an answer and a share in its body, if there is room for both.
    ///
    /// - Parameter body: nil if none is shared.
    /// - Returns: whether they were taken.
    func takeAnswer(_ count: Int, _ body: [UInt8]?) -> Bool {
        guard answers.take(count) else { return false }
        guard let body, !answers.takeShare(ofStorage: body.address, body.count) else { return true }
        answers.giveBack(count)
        return false
    }

    /// Whether there is room for an answer.
    func hasRoomForAnswer(_ count: Int, _ body: [UInt8]?) -> Bool { answers.hasRoom(for: cost(count, body)) }

    /// Whether an answer may be held for one client, with `charge` bytes that are already, if nothing is held for others.
    func couldHoldAnswer(_ count: Int, _ body: [UInt8]?, beside charge: Int) -> Bool {
        charge + cost(count, body) <= answers.capacity
    }

    /// A body that others have costs nothing.
    private func cost(_ count: Int, _ body: [UInt8]?) -> Int {
        count + (body.map { answers.cost(ofStorage: $0.address, $0.count) } ?? 0)
    }

    /// Gives back so many copied bytes of answers.
    func giveBackAnswer(_ count: Int) { answers.giveBack(count) }

    /// Gives back the share of one connection in a body.
    func giveBackShare(_ body: [UInt8]) { answers.giveBackShare(ofStorage: body.address) }

    // MARK: Those who stall

    /// Whether one may look for clients that stall. Under attack each request would look at all connections, in vain.
    func maySearch(_ kind: HeldKind, _ now: UInt64) -> Bool { now >= nextSearch[kind, default: 0] }

    /// Those who stall have not made enough room: for a time nobody looks again.
    func searchedInVain(_ kind: HeldKind, _ now: UInt64) { nextSearch[kind] = now + Self.searchMilliseconds }

    private static let searchMilliseconds: UInt64 = 100
}

extension [UInt8] {
    /// Where the elements are: what tells storage from other storage as long as somebody holds it.
    fileprivate var address: Int { withUnsafeBytes { Int(bitPattern: $0.baseAddress) } }
}
