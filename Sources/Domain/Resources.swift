/// The resources of the service: the one list that routes, imports, settings and tests follow.
public enum Resources {
    /// Parents before those that refer to them.
    public static let all: [any Entity.Type] = [
        Category.self, Product.self, Customer.self, Order.self,
        User.self, Article.self, Comment.self,
        Application.self, Deployment.self,
    ]

    public static let names = all.map { $0.resource }

    /// The resource of this name; nil if there is none.
    public static func named(_ name: String) -> (any Entity.Type)? { all.first { $0.resource == name } }
}
