public import Model

/// What a user published, or means to.
public struct Article: Entity {
    public typealias Key = UUID

    public enum Status: String, Choice {
        case draft, published
    }

    public var title = ""
    public var body = ""
    public var authorID = ID<User>(.zero)
    public var status = Status.draft

    public init() {}

    public static let resource = "articles"
    public static let singular = "article"
    public static let fields: [Field<Article>] = [
        Field("title", \.title, .length(1...200)),
        Field("body", \.body, .length(0...100_000)),
        Field("author_id", \.authorID, .references(User.self)),
        Field("status", \.status, .hasDefault),
    ]
    public static let schema = Schema(of: Article.self)
}
