/// One node of a reply. Nodes lie one after the other, an array before its elements, so that a reply of any size
/// costs no allocation once the buffers have grown.
struct ReplyNode {
    enum Kind: UInt8 {
        case text, integer, nothing, array, error
    }

    var kind: Kind
    /// The length of a text or an error, the number of elements of an array.
    var count: Int
    /// Where a text or an error begins in the reply's bytes, or the integer.
    var value: Int
}

/// A reply of the server, in the reader's own memory: valid until its handler returns.
struct Reply {
    let nodes: UnsafeBufferPointer<ReplyNode>
    let bytes: UnsafeRawBufferPointer

    /// The reply itself, or the array that holds the others.
    var root: ReplyNode { nodes[0] }

    /// The content of a text or an error.
    @inline(__always)
    func content(of node: ReplyNode) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[node.value..<node.value + node.count])
    }

    /// The error that the server answered with, in its words.
    var error: String? {
        root.kind == .error ? String(decoding: content(of: root), as: UTF8.self) : nil
    }

    /// The reply as a value of its own, for all but the hottest path.
    func copied() -> RedisValue {
        var position = 0
        return copied(from: &position)
    }

    private func copied(from position: inout Int) -> RedisValue {
        let node = nodes[position]
        position += 1
        switch node.kind {
        case .text: return .text([UInt8](content(of: node)))
        case .error: return .error(String(decoding: content(of: node), as: UTF8.self))
        case .integer: return .integer(node.value)
        case .nothing: return .nothing
        case .array:
            var elements: [RedisValue] = []
            elements.reserveCapacity(node.count)
            for _ in 0..<node.count { elements.append(copied(from: &position)) }
            return .array(elements)
        }
    }
}
