public import Model

/// Somebody who writes.
public struct User: Entity {
    public typealias Key = UUID

    public var name = ""
    public var email = ""

    public init() {}

    public static let resource = "users"
    public static let singular = "user"
    public static let fields: [Field<User>] = [
        Field("name", \.name, .length(1...200), .indexed),
        Field("email", \.email, .length(3...254), .email, .unique),
    ]
    public static let schema = Schema(of: User.self)
}
