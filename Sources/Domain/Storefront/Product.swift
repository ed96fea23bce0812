public import Model

/// Something that the store sells.
public struct Product: Entity {
    public typealias Key = Int64

    public var categoryID = ID<Category>(0)
    public var title = ""
    public var actor = ""
    public var price = Money(cents: 0)
    public var special = false
    public var stock: Int64 = 0
    public var sold: Int64 = 0

    public init() {}

    public static let resource = "products"
    public static let singular = "product"
    public static let fields: [Field<Product>] = [
        Field("category_id", \.categoryID, .references(Category.self)),
        Field("title", \.title, .length(1...200), .indexed),
        Field("actor", \.actor, .length(0...200)),
        Field("price", \.price, .amount(Money(cents: 0)...Money.limit), .indexed),
        Field("special", \.special, .hasDefault),
        Field("stock", \.stock, .range(pieces), .hasDefault),
        Field("sold", \.sold, .range(pieces), .hasDefault),
    ]
    public static let schema = Schema(of: Product.self)

    static let pieces: ClosedRange<Int64> = 0...1_000_000_000
}
