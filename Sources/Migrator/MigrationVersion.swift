internal import Bytes

/// The number of a migration: the four digits with which its file's name begins.
public struct MigrationVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// From 1 to 9999; 0 only for ``none``.
    public let number: Int

    /// Before the first migration: where `down --to 0` leads.
    public static let none = MigrationVersion(number: 0)
    /// The last number that four digits can write.
    static let last = MigrationVersion(number: 9_999)

    init(number: Int) { self.number = number }

    /// Understands what a user types: `7` as well as `0007`. `0` is ``none``.
    ///
    /// nil for what is not a number of one to four digits.
    public init?(_ text: String) {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit), let number = Int(text) else { return nil }
        self.number = number
    }

    /// Four digits.
    public var description: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// By their numbers.
    public static func < (left: MigrationVersion, right: MigrationVersion) -> Bool { left.number < right.number }
}
