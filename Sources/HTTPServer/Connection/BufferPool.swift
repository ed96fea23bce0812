/// Memory for the connections of one loop. What one gives back serves the next while it is still in the processor's cache, and
/// a connection that is idle has none.
final class BufferPool {
    /// The size of a pooled piece, in bytes.
    static let pieceSize = 8_192
    /// The most pieces that are kept for later: one to read and one to write for all requests of a turn.
    private static let maxFree = 2 * Turn.maxGathered

    /// The piece that was given back last. Each begins with the address of the one before it.
    private var free: UnsafeMutableRawPointer?
    private var freeCount = 0

    deinit {
        while freeCount > 0 { take().deallocate() }
    }

    /// A piece of ``pieceSize`` bytes.
    func take() -> UnsafeMutableRawPointer {
        guard let piece = free else { return .allocate(byteCount: Self.pieceSize, alignment: 16) }
        free = piece.load(as: UnsafeMutableRawPointer?.self)
        freeCount -= 1
        return piece
    }

    /// Takes a piece of any size back.
    func give(_ piece: UnsafeMutableRawPointer, size: Int) {
        if size == Self.pieceSize && freeCount < Self.maxFree {
            piece.storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
            free = piece
            freeCount += 1
        } else {
            piece.deallocate()
        }
    }
}
