public import Model

/// What a user says of an article.
public struct Comment: Entity {
    public typealias Key = UUID

    public var articleID = ID<Article>(.zero)
    public var authorID = ID<User>(.zero)
    public var body = ""

    public init() {}

    public static let resource = "comments"
    public static let singular = "comment"
    public static let fields: [Field<Comment>] = [
        Field("article_id", \.articleID, .references(Article.self)),
        Field("author_id", \.authorID, .references(User.self)),
        Field("body", \.body, .length(1...10_000)),
    ]
    public static let schema = Schema(of: Comment.self)
}
