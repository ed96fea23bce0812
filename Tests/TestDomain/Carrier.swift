public import Model

/// A row with two unique texts and some that may be null.
public struct Carrier: Entity {
    public typealias Key = Int64

    public var name = ""
    public var email = ""
    public var city = ""
    public var phone: String?
    public var trucks: Int64?

    public init() {}

    public static let resource = "carriers"
    public static let singular = "carrier"
    public static let fields: [Field<Carrier>] = [
        Field("name", \.name, .length(1...100), .unique),
        Field("email", \.email, .length(3...254), .email, .unique),
        Field("city", \.city, .length(1...100), .indexed),
        Field("phone", \.phone, .length(1...50)),
        Field("trucks", \.trucks, .range(0...200)),
    ]
    public static let schema = Schema(of: Carrier.self)
}
