/// Lays parameters out as C strings, in memory that is used again and again.
struct ParameterBuffer {
    /// What one statement left behind beyond this is given back.
    private static let keptCapacity = 65_536

    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var pointers: [UnsafePointer<CChar>?] = []

    /// Calls `body` with `parameters` as C strings, which are valid during the call.
    mutating func withPointers<Result>(
        _ parameters: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int32) -> Result
    ) -> Result {
        guard !parameters.isEmpty else { return body(nil, 0) }
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        pointers.removeAll(keepingCapacity: true)
        for parameter in parameters {
            guard let parameter else {
                offsets.append(nil)
                continue
            }
            offsets.append(bytes.count)
            bytes.append(contentsOf: parameter.utf8)
            bytes.append(0)
        }
        let result = bytes.withUnsafeBytes { bytes in
            // Only now, because the bytes moved as they grew.
            for offset in offsets {
                pointers.append(offset.map { bytes.baseAddress!.advanced(by: $0).assumingMemoryBound(to: CChar.self) })
            }
            return pointers.withUnsafeBufferPointer { body($0.baseAddress, Int32($0.count)) }
        }
        if bytes.capacity > ParameterBuffer.keptCapacity { bytes = [] }
        return result
    }
}
