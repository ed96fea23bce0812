/// Which row of a resource: a number or a UUID that cannot be taken for that of another resource.
public struct ID<E: Entity>: Hashable, Sendable, FieldType, CustomStringConvertible {
    /// The number or the UUID.
    public let key: E.Key

    @inlinable
    public init(_ key: E.Key) { self.key = key }

    public static var kind: Kind { E.Key.kind }
    @inlinable
    public init?(_ value: Value) {
        guard let key = E.Key(value) else { return nil }
        self.key = key
    }
    public var value: Value { key.value }
    public var description: String { key.description }
}

/// What can identify a row: a number that the store gives, or a UUID that the service makes.
public protocol EntityKey: FieldType, Hashable, CustomStringConvertible {
    /// A key for a new row; nil if the store counts them.
    static func make() -> Self?
    /// What a row has before it is given one.
    static var blank: Self { get }
}

extension Int64: EntityKey {
    /// None: the store counts them.
    public static func make() -> Int64? { nil }
    /// 0, which no row has.
    public static var blank: Int64 { 0 }
}

extension UUID: EntityKey {
    /// One of version 7, so that newer ones are greater.
    public static func make() -> UUID? { .v7() }
    /// The one of zeros, which no row is given.
    public static var blank: UUID { .zero }
}

extension Value {
    /// The ids that rows can be given by hand. The store counts on behind the highest, and up to here each number is one that all
    /// readers of JSON keep exactly (RFC 8259, section 6).
    public static let importableIDs: ClosedRange<Int64> = 1...(1 << 53) - 1

    /// Why no row can be given it as its id by hand, as in "is not positive"; nil if one can.
    public var idObjection: String? {
        guard case .integer(let number) = self, !Self.importableIDs.contains(number) else { return nil }
        return number < 1
            ? "is not positive" : "is greater than \(Self.importableIDs.upperBound), so that no other could follow it"
    }
}
