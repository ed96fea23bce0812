/// Who waits for the reply to a command.
protocol ReplyHandler: AnyObject {
    /// The reply came; it may be an error of the server. It is valid during the call.
    func received(_ reply: Reply)
    /// No reply will come.
    func failed(_ failure: RedisFailure)
}

/// The handlers of the commands that were not answered yet, in their order.
struct ReplyQueue {
    private struct Waiting {
        var handler: any ReplyHandler
        /// On the loop's clock, in milliseconds.
        var deadline: UInt64
    }

    private var waiting: [Waiting?] = []
    private var head = 0

    var count: Int { waiting.count - head }

    /// When the oldest command must be answered. All have the same time, so it is the earliest.
    var earliestDeadline: UInt64? { head < waiting.count ? waiting[head]!.deadline : nil }

    mutating func append(_ handler: any ReplyHandler, deadline: UInt64) {
        waiting.append(Waiting(handler: handler, deadline: deadline))
    }

    mutating func popFirst() -> (any ReplyHandler)? {
        guard head < waiting.count else { return nil }
        let first = waiting[head]
        waiting[head] = nil
        head += 1
        if head == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 64, head * 2 > waiting.count {
            // It never ran empty: move up the rest, at most as many as have gone.
            waiting.removeFirst(head)
            head = 0
        }
        return first?.handler
    }
}
