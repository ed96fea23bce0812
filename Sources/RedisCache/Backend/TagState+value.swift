internal import Bytes
internal import CacheCoordinator

extension TagState {
    /// Reads the value of a tag's key.
    ///
    /// What is neither token nor mark was not written by us and says nothing of the tag; like a key of another type, which `MGET`
    /// passes over, it is absent until ``RedisBackend/createTokens(for:)`` replaces it.
    @inline(__always)
    init(value: UnsafeRawBufferPointer) {
        if let token = Hexadecimal.read(value) {
            self = .version(VersionToken(token))
        } else {
            self = value.first == UInt8(ascii: "!") ? .intent : .absent
        }
    }

    init(_ value: RedisValue) {
        switch value {
        case .text(let bytes): self = bytes.withUnsafeBytes { TagState(value: $0) }
        case .nothing: self = .absent
        default: self = .intent
        }
    }
}
