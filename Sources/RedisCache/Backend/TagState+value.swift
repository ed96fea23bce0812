internal import CacheCoordinator

extension TagState {
    /// Reads the value of a tag's key.
    @inline(__always)
    init(value: UnsafeRawBufferPointer) {
        if let token = Hexadecimal.read(value) {
            self = .version(VersionToken(token))
        } else {
            // A mark. What is neither mark nor token was not written by us: to serve or fill nothing is right for it too.
            self = .intent
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
