public import Metrics

/// A backend as those see it who run the service: its life, what it holds, and what it counts. A ``Cache`` needs none of it.
public protocol OperatedBackend: CacheBackend {
    /// What it is called in a sentence.
    var name: String { get }
    /// Where it is, without secrets.
    var place: String { get }

    /// Begins to connect, if it has to, and stays connected until ``close()``.
    func start()
    /// Waits until it can be read, for so many milliseconds at most.
    ///
    /// - Throws: why it cannot.
    func waitUntilReady(milliseconds: UInt64) async throws(CacheNotReady)
    /// Called when ``CacheBackend/life`` has changed.
    var onLifeChange: () -> Void { get set }
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
