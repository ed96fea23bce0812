import Testing

/// A rule of docs/freshness.md that is broken, to show that these tests would notice.
enum Flaw: String, CaseIterable, Sendable, CustomTestStringConvertible {
    // Writing
    case announcesNothing
    case announcesAfterTheCommit
    case announcesNoRowThatIsMade
    case takesNoAnswerForARollback
    case forgetsWhatWasNotAnnounced
    // Reading
    case servesWithoutAsking
    case takesTokensAfterTheLoad
    case takesTokensAfterALoadThatFoundNothing
    case forgetsTagsThatTheLoadFound
    case joinsAnyLoad
    // The server
    case evictsIntents
    case needsNoHoldOff
    case letsIntentsExpireBeforeTheCommit

    /// What has to befall a world for the flaw to show; nil if anything may.
    var trouble: World.Trouble? {
        switch self {
        case .forgetsWhatWasNotAnnounced: .cutOff
        case .evictsIntents: .eviction
        case .needsNoHoldOff: .restart
        case .letsIntentsExpireBeforeTheCommit: .time
        default: nil
        }
    }

    var testDescription: String { rawValue }
}
