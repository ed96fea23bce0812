/// Memory for the connections of one loop. What one gives back serves the next while it is still in the processor's cache, and
/// a connection that is idle has none.
final class BufferPool {
    /// The size of a pooled piece, in bytes.
    static let pieceSize = 8_192
    /// The most pieces that are kept for later: one to read and one to write for all requests of a turn.
    private static let maxFree = 2 * Turn.maxGathered

    private var free: [UnsafeMutableRawPointer] = []

    init() {
        free.reserveCapacity(Self.maxFree)
    }

    deinit {
        for piece in free { piece.deallocate() }
    }

    /// A piece of ``pieceSize`` bytes.
    func take() -> UnsafeMutableRawPointer {
        free.popLast() ?? .allocate(byteCount: Self.pieceSize, alignment: 16)
    }

    /// Takes a piece of any size back.
    func give(_ piece: UnsafeMutableRawPointer, size: Int) {
        if size == Self.pieceSize && free.count < Self.maxFree {
            free.append(piece)
        } else {
            piece.deallocate()
        }
    }
}
