/// Where the parser puts the reply that it is reading.
struct ReplyMemory: ~Copyable {
    /// What is kept for the next reply; only an unusually large one allocates.
    static let keptBytes = 256 * 1024
    private static let keptNodes = 8 * 1024

    let limit: Int
    var isComplete = false
    private(set) var isOverLimit = false
    private var nodes: UnsafeMutableBufferPointer<ReplyNode>
    private var nodeCount = 0
    private var bytes = GrowingBytes()

    init(limit: Int) {
        self.limit = limit
        nodes = .allocate(capacity: 256)
    }

    deinit {
        nodes.deallocate()
    }

    var reply: Reply { Reply(nodes: UnsafeBufferPointer(rebasing: nodes[..<nodeCount]), bytes: bytes.bytes) }

    mutating func removeAll() {
        isComplete = false
        nodeCount = 0
        bytes.removeAll(keeping: Self.keptBytes)
        if nodes.count > Self.keptNodes {
            nodes.deallocate()
            nodes = .allocate(capacity: Self.keptNodes)
        }
    }

    /// Returns false when the reply is larger than it may be.
    @inline(__always)
    mutating func add(_ node: ReplyNode) -> Bool {
        if nodeCount == nodes.count { growNodes() }
        nodes.initializeElement(at: nodeCount, to: node)
        nodeCount += 1
        // An array of nothing needs memory too.
        isOverLimit = bytes.count + nodeCount * MemoryLayout<ReplyNode>.stride > limit
        return !isOverLimit
    }

    @inline(__always)
    mutating func addText(_ kind: ReplyNode.Kind, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = bytes.count
        bytes.append(text)
        return add(ReplyNode(kind: kind, count: text.count, value: start))
    }

    /// Adds to the memory that a task of the parser points to, and returns what the parser wants to hear.
    @inline(__always)
    static func add(to memory: UnsafeMutableRawPointer?, _ addition: (inout ReplyMemory) -> Bool) -> UnsafeMutableRawPointer? {
        addition(&memory!.assumingMemoryBound(to: ReplyMemory.self).pointee) ? memory : nil
    }

    private mutating func growNodes() {
        let larger = UnsafeMutableBufferPointer<ReplyNode>.allocate(capacity: nodes.count * 2)
        _ = larger.moveInitialize(fromContentsOf: nodes)
        nodes.deallocate()
        nodes = larger
    }
}
