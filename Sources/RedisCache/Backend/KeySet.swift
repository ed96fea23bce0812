/// Distinct keys as they will be sent: each name that is added is encoded once, however many ask for it.
///
/// This is the hottest code of the service. A name is hashed eight bytes at a time and compared with the bytes that
/// are encoded already, so that a name which is asked for again costs one probe and no memory.
struct KeySet: ~Copyable {
    private struct Slot {
        var hash: UInt64
        var nameStart: Int
        /// Where the encoded bulk string ends; the next slot's begins there.
        var end: Int
    }

    /// What comes after a name in a bulk string.
    private static let lineEnd = 2
    private static let keptBytes = 256 << 10
    private static let smallestTable = 256
    /// A larger table is not kept from turn to turn: emptying it would cost more than making it.
    private static let largestKeptTable = 4096

    private var encoded = GrowingBytes()
    private var slots: [Slot] = []
    /// Open addressing: a slot's number plus one, or 0. Its size is a power of two, and at most half of it is in use.
    private var table = [UInt32](repeating: 0, count: smallestTable)
    /// Nobody outside can choose names that collide.
    private let seed = UInt64.random(in: .min ... .max)

    /// How many names are in it.
    var count: Int { slots.count }

    /// The number of `name`, which is added if it is new.
    mutating func insert(_ name: String, prefix: [UInt8]) -> Int {
        let bytes = name.utf8.span
        return bytes.withUnsafeBytes { insert($0, prefix) }
    }

    /// The encoded bulk strings of the names with these numbers.
    func bulkStrings(_ numbers: Range<Int>) -> UnsafeRawBufferPointer {
        guard let last = numbers.last else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = numbers.lowerBound == 0 ? 0 : slots[numbers.lowerBound - 1].end
        return UnsafeRawBufferPointer(rebasing: encoded.bytes[start..<slots[last].end])
    }

    mutating func removeAll() {
        guard !slots.isEmpty else { return }
        slots.removeAll(keepingCapacity: true)
        encoded.removeAll(keeping: Self.keptBytes)
        if table.count > Self.largestKeptTable {
            table = [UInt32](repeating: 0, count: Self.smallestTable)
        } else {
            table.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
        }
    }

    private mutating func insert(_ name: UnsafeRawBufferPointer, _ prefix: [UInt8]) -> Int {
        let hash = hash(name)
        var position = Int(truncatingIfNeeded: hash) & (table.count - 1)
        while table[position] != 0 {
            let number = Int(table[position]) - 1
            if isName(name, hash, slots[number]) { return number }
            position = (position + 1) & (table.count - 1)
        }
        prefix.withUnsafeBytes { encoded.appendBulk(prefix: $0, name: name) }
        let end = encoded.count
        slots.append(Slot(hash: hash, nameStart: end - Self.lineEnd - name.count, end: end))
        table[position] = UInt32(slots.count)
        if slots.count * 2 > table.count { enlargeTable() }
        return slots.count - 1
    }

    private func isName(_ name: UnsafeRawBufferPointer, _ hash: UInt64, _ slot: Slot) -> Bool {
        guard slot.hash == hash, slot.end - Self.lineEnd - slot.nameStart == name.count else { return false }
        return UnsafeRawBufferPointer(rebasing: encoded.bytes[slot.nameStart..<slot.nameStart + name.count]).elementsEqual(name)
    }

    private mutating func enlargeTable() {
        table = [UInt32](repeating: 0, count: table.count * 2)
        for (number, slot) in slots.enumerated() {
            var position = Int(truncatingIfNeeded: slot.hash) & (table.count - 1)
            while table[position] != 0 { position = (position + 1) & (table.count - 1) }
            table[position] = UInt32(number + 1)
        }
    }

    /// Multiply and fold, eight bytes at a time (the mixing step of wyhash).
    @inline(__always)
    private func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash = seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var position = 0
        while position + 8 <= bytes.count {
            hash = mix(hash ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            position += 8
        }
        var rest: UInt64 = 0
        while position < bytes.count {
            rest = rest << 8 | UInt64(bytes[position])
            position += 1
        }
        return mix(hash ^ rest)
    }

    @inline(__always)
    private func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}
