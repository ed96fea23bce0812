public import Model

/// A row with one unique text, to which others refer.
public struct Depot: Entity {
    public typealias Key = Int64

    public var name = ""

    public init() {}

    public static let resource = "depots"
    public static let singular = "depot"
    public static let fields: [Field<Depot>] = [Field("name", \.name, .length(1...100), .unique)]
    public static let schema = Schema(of: Depot.self)
}
