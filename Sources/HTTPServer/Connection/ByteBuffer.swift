#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Bytes that are appended at one end and taken from the other. An empty one holds no memory once it was released.
final class ByteBuffer {
    private let pool: BufferPool
    private var base: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    init(_ pool: BufferPool) { self.pool = pool }

    deinit {
        if let base { pool.give(base, size: capacity) }
    }

    var count: Int { end - start }
    var isEmpty: Bool { end == start }

    /// The bytes. Valid until the buffer is changed.
    var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: base?.advanced(by: start).assumingMemoryBound(to: UInt8.self), count: end - start)
    }

    /// Room behind the bytes, at least `count`. Valid until the buffer is changed.
    func room(_ count: Int) -> UnsafeMutableRawBufferPointer {
        reserve(count)
        return UnsafeMutableRawBufferPointer(start: base! + end, count: capacity - end)
    }

    /// Says that `count` bytes were put into the room.
    func filled(_ count: Int) {
        precondition(count <= capacity - end)
        end += count
    }

    /// Drops the first `count` bytes.
    func removeFirst(_ count: Int) {
        precondition(count <= end - start)
        start += count
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Drops the bytes at `range`; those behind it move down.
    func remove(_ range: Range<Int>) {
        precondition(range.upperBound <= count)
        guard !range.isEmpty, let base else { return }
        memmove(base + start + range.lowerBound, base + start + range.upperBound, count - range.upperBound)
        end -= range.count
    }

    /// Gives back memory that was needed for more bytes than there are now.
    func trim() {
        guard let base, capacity > BufferPool.pieceSize, count <= BufferPool.pieceSize else { return }
        let piece = pool.take()
        memcpy(piece, base + start, count)
        pool.give(base, size: capacity)
        self.base = piece
        capacity = BufferPool.pieceSize
        end = count
        start = 0
    }

    /// Gives the memory back, and the bytes with it.
    func release() {
        guard let base else { return }
        pool.give(base, size: capacity)
        self.base = nil
        capacity = 0
        start = 0
        end = 0
    }

    /// Makes room for `count` more bytes.
    @inline(__always)
    func reserve(_ count: Int) {
        if capacity - end < count { grow(count) }
    }

    /// By moving the bytes down if that is enough, else into memory of at least twice the size.
    @inline(never)
    private func grow(_ count: Int) {
        let used = end - start
        if let base, capacity - used >= count {
            memmove(base, base + start, used)
        } else {
            var size = base == nil ? BufferPool.pieceSize : capacity * 2
            while size - used < count { size *= 2 }
            let piece = size == BufferPool.pieceSize ? pool.take() : .allocate(byteCount: size, alignment: 16)
            if let base {
                memcpy(piece, base + start, used)
                pool.give(base, size: capacity)
            }
            base = piece
            capacity = size
        }
        start = 0
        end = used
    }
}

extension ByteBuffer {
    func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    @inline(__always)
    func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        memcpy(base! + end, source, bytes.count)
        end += bytes.count
    }
}
