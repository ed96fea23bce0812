/// The patterns of all routes as a tree of path segments. A literal segment wins over a parameter.
///
/// Nodes, edges and the text of literals lie in one array each, so that a look-up touches no reference count.
struct RouteTree {
    private struct Node {
        var firstEdge = -1
        /// The node behind any other segment, or -1.
        var parameter = -1
        /// Whether a pattern ends here.
        var isEnd = false
    }

    private struct Edge {
        let text: Range<Int>
        let node: Int
        var next = -1
    }

    private var nodes = [Node()]
    private var edges: [Edge] = []
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
                node = parameterChild(of: node)
            } else {
                node = literalChild(Array(segment), of: node)
            }
        }
        precondition(parameters <= PathParameters.maxCount, "the pattern \(pattern) has too many parameters")
        nodes[node].isEnd = true
        return node
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if nodes[node].parameter == -1 {
            nodes.append(Node())
            nodes[node].parameter = nodes.count - 1
        }
        return nodes[node].parameter
    }

    private mutating func literalChild(_ literal: [UInt8], of node: Int) -> Int {
        var index = nodes[node].firstEdge
        while index != -1 {
            if text[edges[index].text].elementsEqual(literal) { return edges[index].node }
            index = edges[index].next
        }
        nodes.append(Node())
        edges.append(Edge(text: text.count..<text.count + literal.count, node: nodes.count - 1, next: nodes[node].firstEdge))
        text += literal
        nodes[node].firstEdge = edges.count - 1
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
        return find(path.lowerBound + 1, path.upperBound, from: 0, in: bytes, &parameters)
    }

    private func find(
        _ start: Int, _ end: Int, from node: Int, in bytes: Span<UInt8>, _ parameters: inout Parameters
    ) -> Int? {
        var segmentEnd = start
        while segmentEnd < end && bytes[segmentEnd] != UInt8(ascii: "/") { segmentEnd += 1 }
        let isLast = segmentEnd == end

        if let child = literal(start..<segmentEnd, of: node, in: bytes) {
            if isLast {
                if nodes[child].isEnd { return child }
            } else if let found = find(segmentEnd + 1, end, from: child, in: bytes, &parameters) {
                return found
            }
        }
        let child = nodes[node].parameter
        guard child != -1, start < segmentEnd else { return nil }
        parameters.ranges[parameters.count] = ByteRange(start..<segmentEnd)
        parameters.count += 1
        if isLast {
            if nodes[child].isEnd { return child }
        } else if let found = find(segmentEnd + 1, end, from: child, in: bytes, &parameters) {
            return found
        }
        parameters.count -= 1
        return nil
    }

    private func literal(_ segment: Range<Int>, of node: Int, in bytes: Span<UInt8>) -> Int? {
        let text = text.span
        var index = nodes[node].firstEdge
        search: while index != -1 {
            let edge = edges[index]
            index = edge.next
            guard edge.text.count == segment.count else { continue }
            for offset in 0..<segment.count where text[edge.text.lowerBound + offset] != bytes[segment.lowerBound + offset] {
                continue search
            }
            return edge.node
        }
        return nil
    }
}
