internal import CLibCrypto

/// The SHA-256 digest of bytes (FIPS 180-4), as libcrypto computes it.
public struct SHA256: Hashable, Sendable, CustomStringConvertible {
    /// 32 bytes.
    public let bytes: [UInt8]

    public init(_ message: UnsafeRawBufferPointer) {
        bytes = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
            let start = message.baseAddress?.assumingMemoryBound(to: UInt8.self)
            _ = CLibCrypto.SHA256(start, message.count, digest.baseAddress)
            count = Int(SHA256_DIGEST_LENGTH)
        }
    }

    public init(_ message: [UInt8]) {
        self = message.withUnsafeBytes { SHA256($0) }
    }

    /// 64 lowercase hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            for (index, byte) in bytes.enumerated() {
                text[index * 2] = Hexadecimal.digit(byte >> 4)
                text[index * 2 + 1] = Hexadecimal.digit(byte & 0xF)
            }
            return text.count
        }
    }
}
