public import Model

/// A kind of products.
public struct Category: Entity {
    public typealias Key = Int64

    public var name = ""

    public init() {}

    public static let resource = "categories"
    public static let singular = "category"
    public static let fields: [Field<Category>] = [
        Field("name", \.name, .length(1...100), .unique)
    ]
    public static let schema = Schema(of: Category.self)
}
