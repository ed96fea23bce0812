internal import CZlib

/// The gzip coding (RFC 1952), as zlib makes it.
public enum Gzip {
    /// The fastest: of JSON it takes four fifths away, and a higher one that takes a little more holds the loop up for longer.
    private static let level: Int32 = 1
    /// A window of 8 KiB and tables to fit. Four times as much makes pages of JSON no smaller, but getting that memory takes
    /// longer than compressing them.
    private static let windowBits: Int32 = 13
    private static let memoryLevel: Int32 = 6
    /// Added to the window's bits, it asks for gzip's header and trailer.
    private static let gzipFormat: Int32 = 16

    /// The whole of `bytes` in this coding.
    public static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        var status = deflateInit2_(
            &stream, level, Z_DEFLATED, gzipFormat + windowBits, memoryLevel, Z_DEFAULT_STRATEGY, zlibVersion(),
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory, or is not the one that this was built with")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                status = deflate(&stream, Z_FINISH)
            }
            precondition(status == Z_STREAM_END, "zlib needs no more than it says")
            count = output.count - Int(stream.avail_out)
        }
    }
}
