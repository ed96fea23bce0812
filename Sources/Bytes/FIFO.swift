/// A line: in at the end, out at the front, both in constant time on average.
public struct FIFO<Element> {
    // All of it is inlinable, so that it is compiled for the elements of other targets.

    @usableFromInline var elements: [Element?] = []
    /// Where the first is. Those before it have gone.
    @usableFromInline var head = 0

    /// Makes an empty line.
    @inlinable public init() {}

    /// Whether nobody is in line.
    @inlinable public var isEmpty: Bool { head == elements.count }
    /// How many are in line.
    @inlinable public var count: Int { elements.count - head }
    /// Who goes out next.
    @inlinable public var first: Element? { isEmpty ? nil : elements[head] }
    /// Who stands at `place`, where 0 goes out next and ``count`` less one is the last. Read and changed without a copy.
    @inlinable
    public subscript(place: Int) -> Element {
        _read { yield elements[head + place]! }
        _modify { yield &elements[head + place]! }
    }

    /// Puts one at the end.
    @inlinable
    public mutating func append(_ element: Element) {
        elements.append(element)
    }

    /// Takes the first one out.
    @inlinable
    public mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head].take()
        head += 1
        // Moving what is left pays off when it is the smaller half.
        if head == elements.count {
            elements.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 32, head * 2 > elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Takes out all that fulfil `condition`, in their order.
    @inlinable
    public mutating func removeAll(where condition: (Element) -> Bool) -> [Element] {
        var removed: [Element] = []
        var kept: [Element?] = []
        for case let element? in elements[head...] {
            if condition(element) { removed.append(element) } else { kept.append(element) }
        }
        guard !removed.isEmpty else { return [] }
        elements = kept
        head = 0
        return removed
    }
}
