import Testing

/// A rule of docs/freshness.md that is broken, to show that these tests would notice.
enum Flaw: String, CaseIterable, Sendable, CustomTestStringConvertible {
    // Writing
    case announcesNothing
    case announcesAfterTheCommit
    case announcesNoRowThatIsMade
    case commitsWhatNobodyAnnounced
    case believesToBeAlone
    // Reading
    case servesWithoutAsking
    case believesThatAllAreFinished
    case asksNobodyWhoWrites
    case placesNothing
    case comparesNothing
    case forgetsTagsThatTheLoadFound
    case forgetsStamps
    // The cache as a whole
    case opensWhereItWas

    /// What has to befall a world for the flaw to show; nil if anything may.
    var trouble: World.Trouble? {
        switch self {
        case .commitsWhatNobodyAnnounced, .opensWhereItWas: .cutOff
        case .asksNobodyWhoWrites, .placesNothing: .eviction
        default: nil
        }
    }

    var testDescription: String { rawValue }
}
