internal import EventLoop

/// The log of one loop for what happens as often as clients like: it has some lines of each kind, and then how many there were.
final class LimitedLog {
    private let log: Log
    private let loop: Loop
    private var kinds: [String: (rate: LogRate, level: Log.Level)] = [:]
    private var timer: Timer?

    init(_ log: Log, on loop: Loop) {
        self.log = log
        self.loop = loop
    }

    /// - Parameter message: names the kind too, so nothing of a client's is in it.
    func write(_ level: Log.Level, _ message: StaticString, _ details: KeyValuePairs<String, String> = [:]) {
        guard level >= log.level else { return }
        let message = "\(message)"
        if kinds[message, default: (LogRate(), level)].rate.admit(loop.now) {
            log.write(level, message, details)
        } else if timer == nil {
            timer = Timer(on: loop)
            timer!.start(after: LogRate.interval) { [self] in summarize() }
        }
    }

    /// Writes how many lines of each kind were left out so far.
    func summarize() {
        timer?.stop()
        timer = nil
        for message in kinds.keys.sorted() {
            let omitted = kinds[message]!.rate.takeOmitted()
            if omitted > 0 { log.write(kinds[message]!.level, message, ["more_times": "\(omitted)"]) }
        }
    }
}
