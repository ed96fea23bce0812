internal import CLibUV

/// What the operating system refused, as libuv reports it.
public struct LoopError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The negative number of libuv: the negated `errno` on Unix.
    public let code: Int32

    public init(_ code: Int32) { self.code = code }

    /// The other side closed the connection.
    public static let endOfFile = LoopError(UV_EOF.rawValue)
    /// The operation was given up because its handle was closed.
    public static let cancelled = LoopError(UV_ECANCELED.rawValue)
    /// It took longer than it may.
    public static let timedOut = LoopError(UV_ETIMEDOUT.rawValue)

    public var description: String { String(cString: uv_strerror(code)) }
}

/// Throws what a function of libuv returned, unless it is zero or a count.
func check(_ status: Int32) throws(LoopError) {
    if status < 0 { throw LoopError(status) }
}
