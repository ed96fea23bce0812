internal import Metrics
internal import Model

/// A store as those see it who run the service: what is wrong with it, what it counts, and its end.
///
/// A kind of store is a class that conforms, and a line in ``Backing/store(_:_:on:_:)``.
protocol OperatedStore: AnyObject {
    /// The rows in it.
    var rows: any Store { get }
    /// What it counts; nil if nothing.
    var measured: (any Measured)? { get }

    /// Why it cannot be used now, in half a sentence for operators; nil if it has told of nothing.
    var obstacle: String? { get }
    /// One sentence for each thing that is not as this version needs it. Asked each time, because it may be mended meanwhile.
    func mismatches(deadline: UInt64) async throws -> [String]
    /// One sentence for each thing that lets this version serve, and that operators should look at all the same.
    func doubts(deadline: UInt64) async throws -> [String]
    /// What explains why a command failed; nil if nothing in the store does.
    var failure: CommandFailure? { get }

    /// Ends what it does for a command.
    ///
    /// - Returns: false if there never is anything to end.
    func interrupt() async -> Bool
    /// Ends its connections, and gives what runs so many milliseconds.
    func close(within milliseconds: UInt64) async
}
