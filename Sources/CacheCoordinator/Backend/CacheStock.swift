/// What a backend holds, as it tells operators.
public struct CacheStock: Sendable {
    /// For people, in the order in which they read it.
    public var lines: [(label: String, text: String)]
    /// For programs, by names that no other backend has.
    public var counts: [(name: String, value: Int)]
    /// What has to be known of the numbers.
    public var remark: String?

    public init(lines: [(label: String, text: String)], counts: [(name: String, value: Int)], remark: String? = nil) {
        self.lines = lines
        self.counts = counts
        self.remark = remark
    }
}
