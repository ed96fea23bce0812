/// A random number, never used before: it stands for one state of a tag, and is gone for good when the tag changes.
///
/// Not a counter, which an evicted key would start again, and not a time, which differs between machines.
public struct VersionToken: Hashable, Sendable {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    /// A new one.
    public static func random() -> VersionToken { VersionToken(.random(in: .min ... .max)) }
}
