/// A value that tasks wait for and somebody on the same loop gives. The first one that is given counts.
///
/// It belongs to its loop. One that is never given leaves those who wait for it waiting for ever.
public final class Promise<Value> {
    // All of it is inlinable, so that it is compiled for the values of other targets.

    @usableFromInline var given: Value?
    @usableFromInline var waiting: UnsafeContinuation<Void, Never>?
    /// Most promises are waited for by one task, for whom no array is made.
    @usableFromInline var othersWaiting: [UnsafeContinuation<Void, Never>] = []

    /// Makes a promise that nothing was given to.
    @inlinable public init() {}

    /// What was given; nil while nothing was.
    @inlinable public var value: Value? { given }

    /// Gives the value to all who wait for it and who will. They go on when the caller is done.
    @inlinable
    public func give(_ value: Value) {
        guard given == nil else { return }
        given = value
        waiting?.resume()
        for continuation in othersWaiting { continuation.resume() }
        waiting = nil
        othersWaiting = []
    }

    /// Waits for the value, which may have been given already.
    @inlinable
    public func wait() async -> Value {
        await withUnsafeContinuation { continuation in
            // Only here: the runtime may have interrupted the task on its way to this place.
            if given != nil {
                continuation.resume()
            } else if waiting == nil {
                waiting = continuation
            } else {
                othersWaiting.append(continuation)
            }
        }
        return given!
    }
}

extension Promise<Void> {
    /// Lets all go on who wait for it.
    @inlinable public func give() { give(()) }
}
