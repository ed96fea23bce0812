/// Lines of the log that wait to be written.
///
/// It is bounded: a line for which there is no room is dropped, and so is each one after it until what waits was taken. So all
/// that is missing is missing at one place, and whoever writes knows how many lines that are.
struct LogQueue {
    /// The most bytes that wait, unless asked for others.
    static let standardCapacity = 1 << 20

    private let capacity: Int
    private var waiting: [UInt8] = []
    private var dropped = 0
    private var isBeingWritten = false

    /// - Parameter capacity: the most bytes that wait. As many again may be with whoever writes.
    init(capacity: Int = standardCapacity) { self.capacity = capacity }

    /// Whether all that was not dropped has been written.
    var isIdle: Bool { !isBeingWritten }

    /// Adds a line, or counts it as dropped.
    ///
    /// - Returns: whether somebody has to begin to write; if not, somebody does and will see the line.
    mutating func append(_ line: String) -> Bool {
        if dropped == 0, waiting.count + line.utf8.count <= capacity {
            waiting.append(contentsOf: line.utf8)
        } else {
            dropped += 1
        }
        defer { isBeingWritten = true }
        return !isBeingWritten
    }

    /// Takes all that waits, to be written before it is called again.
    ///
    /// - Returns: the lines, and how many after them were dropped; nil if there is nothing to write any more.
    mutating func take() -> (lines: [UInt8], dropped: Int)? {
        guard !waiting.isEmpty || dropped > 0 else {
            isBeingWritten = false
            return nil
        }
        defer { (waiting, dropped) = ([], 0) }
        return (waiting, dropped)
    }
}
