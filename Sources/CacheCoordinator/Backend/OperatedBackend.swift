public import Metrics

/// A backend as those see it who run the service: its life, what it holds, and what it counts. A ``Cache`` needs none of it.
public protocol OperatedBackend: CacheBackend {
    /// What it is called in a sentence.
    var name: String { get }
    /// Where it is, without secrets.
    var place: String { get }

    /// Begins to connect, if it has to, and stays connected until ``close()``.
    func start()
    /// Waits until it can be read, for so many milliseconds at most, among them those of a hold-off.
    ///
    /// - Throws: why it cannot, as soon as that is known.
    func waitUntilReady(milliseconds: UInt64) async throws(CacheNotReady)
    /// Whether all who share it know of all writes.
    var isSettled: Bool { get }
    /// Waits until they do, for so many milliseconds at most: what they were not told then is lost with the process.
    func waitUntilSettled(milliseconds: UInt64) async
    /// Ends its connections for good.
    func close()

    /// Looks at what it holds, which may take long.
    func stock() async throws(CacheUnavailable) -> CacheStock
    /// Looks up what it holds under `name`, which may be a tag's, an entry's, or both.
    func inspect(_ name: String) async throws(CacheUnavailable) -> CacheInspection
    /// Entries that it was given and did not keep.
    var refusedEntries: Int { get }
    /// What it counts; nil if nothing.
    var measured: (any Measured)? { get }
}

/// Why a cache cannot be used now: a reason for people.
public struct CacheNotReady: Error, CustomStringConvertible {
    /// The reason.
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// What a registrar throws of a keyspace that was followed by another one: it missed the writes since then, and a server that
/// has it may not be the cache any more.
public struct SupersededKeyspace: Error, CustomStringConvertible {
    /// What people are told, in a sentence that says what to do.
    public let description: String

    public init(_ description: String) { self.description = description }
}
