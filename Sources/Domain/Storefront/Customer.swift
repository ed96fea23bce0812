public import Model

/// Somebody who buys.
public struct Customer: Entity {
    public typealias Key = Int64

    public var firstName = ""
    public var lastName = ""
    public var email = ""
    public var username = ""
    public var address = ""
    public var city = ""
    public var state: String?
    public var zip: String?
    public var country = ""
    public var phone: String?
    public var age: Int64?
    public var income: Int64?
    public var gender: String?

    public init() {}

    public static let resource = "customers"
    public static let singular = "customer"
    public static let fields: [Field<Customer>] = [
        Field("first_name", \.firstName, .length(1...100)),
        Field("last_name", \.lastName, .length(1...100), .indexed),
        Field("email", \.email, .length(3...254), .email, .unique),
        Field("username", \.username, .length(1...100), .unique),
        Field("address", \.address, .length(1...500)),
        Field("city", \.city, .length(1...100)),
        Field("state", \.state, .length(1...100)),
        Field("zip", \.zip, .length(1...20)),
        Field("country", \.country, .length(1...100)),
        Field("phone", \.phone, .length(1...50)),
        Field("age", \.age, .range(0...200)),
        Field("income", \.income, .range(0...1_000_000_000_000)),
        Field("gender", \.gender, .length(1...20)),
    ]
    public static let schema = Schema(of: Customer.self)
}
