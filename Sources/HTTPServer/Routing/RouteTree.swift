/// The patterns of all routes as a tree of path segments. A literal segment wins over a parameter.
///
/// The nodes and the text of the literals lie in one array each, so that a look-up costs few reference counts.
struct RouteTree {
    private struct Node {
        /// The literal segment that leads here.
        var literal = 0..<0
        /// The first of the nodes behind a literal, or -1.
        var firstChild = -1
        /// The next node with the same parent, or -1.
        var sibling = -1
        /// The node behind any other segment, or -1.
        var parameter = -1
        /// Whether a pattern ends here.
        var isEnd = false
    }

    private var nodes = [Node()]
    private var text: [UInt8] = []

    /// The number of nodes; each is named by a number below.
    var count: Int { nodes.count }

    /// Adds `pattern`, as in `/v1/products/{id}`. A malformed one traps.
    ///
    /// - Returns: its node, the same for each pattern with the same literals and with parameters in the same places.
    mutating func insert(_ pattern: String) -> Int {
        precondition(pattern.utf8.first == UInt8(ascii: "/"), "the pattern \(pattern) does not begin with /")
        var node = 0
        var parameters = 0
        for segment in pattern.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if segment.first == UInt8(ascii: "{") {
                precondition(segment.count > 2 && segment.last == UInt8(ascii: "}"), "a parameter of \(pattern) is malformed")
                parameters += 1
                node = insertParameter(behind: node)
            } else {
                node = insertLiteral(Array(segment), behind: node)
            }
        }
        precondition(parameters <= PathParameters.maxCount, "the pattern \(pattern) has too many parameters")
        nodes[node].isEnd = true
        return node
    }

    private mutating func insertParameter(behind node: Int) -> Int {
        if nodes[node].parameter == -1 {
            nodes.append(Node())
            nodes[node].parameter = nodes.count - 1
        }
        return nodes[node].parameter
    }

    private mutating func insertLiteral(_ literal: [UInt8], behind node: Int) -> Int {
        if let child = child(0..<literal.count, of: node, in: literal.span) { return child }
        nodes.append(Node(literal: text.count..<text.count + literal.count, sibling: nodes[node].firstChild))
        text += literal
        nodes[node].firstChild = nodes.count - 1
        return nodes.count - 1
    }
}

extension RouteTree {
    /// What a look-up found on its way.
    struct Parameters {
        var ranges = InlineArray<4, ByteRange>(repeating: .none)
        var count = 0
    }

    /// The node of the pattern that matches `path`, or nil.
    func find(_ path: Range<Int>, in bytes: Span<UInt8>, _ parameters: inout Parameters) -> Int? {
        guard !path.isEmpty, bytes[path.lowerBound] == UInt8(ascii: "/") else { return nil }
        return find(path.lowerBound + 1, path.upperBound, behind: 0, in: bytes, &parameters)
    }

    private func find(
        _ start: Int, _ end: Int, behind node: Int, in bytes: Span<UInt8>, _ parameters: inout Parameters
    ) -> Int? {
        var segmentEnd = start
        while segmentEnd < end && bytes[segmentEnd] != UInt8(ascii: "/") { segmentEnd += 1 }
        let isLast = segmentEnd == end

        if let child = child(start..<segmentEnd, of: node, in: bytes) {
            if isLast {
                if nodes[child].isEnd { return child }
            } else if let found = find(segmentEnd + 1, end, behind: child, in: bytes, &parameters) {
                return found
            }
        }
        let child = nodes[node].parameter
        guard child != -1, start < segmentEnd else { return nil }
        parameters.ranges[parameters.count] = ByteRange(start..<segmentEnd)
        parameters.count += 1
        if isLast {
            if nodes[child].isEnd { return child }
        } else if let found = find(segmentEnd + 1, end, behind: child, in: bytes, &parameters) {
            return found
        }
        parameters.count -= 1
        return nil
    }

    /// The node behind the literal at `segment`, or nil.
    private func child(_ segment: Range<Int>, of node: Int, in bytes: Span<UInt8>) -> Int? {
        let nodes = nodes.span
        let text = text.span
        var child = nodes[node].firstChild
        while child != -1 {
            if Self.equals(nodes[child].literal, in: text, segment, in: bytes) { return child }
            child = nodes[child].sibling
        }
        return nil
    }

    /// Whether `segment` is the literal, or its percent-encoding (RFC 3986 section 6.2.2.2). What is encoded is looked at
    /// only where a byte differs, so that plain paths pay nothing for it.
    @inline(__always)
    private static func equals(
        _ literal: Range<Int>, in text: Span<UInt8>, _ segment: Range<Int>, in bytes: Span<UInt8>
    ) -> Bool {
        guard literal.count <= segment.count else { return false }
        var index = segment.lowerBound
        for offset in literal {
            guard index < segment.upperBound else { return false }
            if bytes[index] != text[offset] {
                guard bytes[index] == UInt8(ascii: "%"),
                    bytes.percentDecoded(at: index, end: segment.upperBound) == text[offset]
                else { return false }
                index += 2
            }
            index += 1
        }
        return index == segment.upperBound
    }
}
