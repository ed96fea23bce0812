import Bytes
import CZlib
import Testing

@Suite struct `The gzip coding` {
    /// What zlib makes of it again.
    private func inflated(_ bytes: [UInt8], capacity: Int) -> [UInt8]? {
        var stream = z_stream()
        guard inflateInit2_(&stream, 16 + 15, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: capacity + 1)
        let (inputCount, outputCount) = (input.count, output.count)
        let status = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(inputCount)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(outputCount)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, stream.avail_in == 0 else { return nil }
        return Array(output.prefix(outputCount - Int(stream.avail_out)))
    }

    @Test(arguments: [0, 1, 2, 1_000, 8_192, 8_193, 100_000])
    func `gives back what went in`(count: Int) {
        let text = (0..<count).map { UInt8(ascii: "a") + UInt8($0 * $0 % 23) }
        let noise = (0..<count).map { _ in UInt8.random(in: 0...255) }
        for bytes in [text, noise, [UInt8](repeating: 7, count: count)] {
            let coded = Gzip.compress(bytes)
            #expect(coded.starts(with: [0x1f, 0x8b, 8]))
            #expect(inflated(coded, capacity: count) == bytes)
        }
    }

    @Test func `is much shorter than JSON, and the same each time`() {
        let rows = (0..<50).map {
            #"{"id":\#($0),"title":"ACADEMY ADAPTATION","price":"\#($0).99","special":false,"stock":\#($0 * 7)}"#
        }
        let json = Array(rows.joined(separator: ",").utf8)
        #expect(Gzip.compress(json).count < json.count / 4)
        #expect(Gzip.compress(json) == Gzip.compress(json))
    }
}
