/// The resources of the service: the one list that routes, imports, settings and tests follow.
public enum Resources {
    /// Shows all to `visitor`, parents before those that refer to them.
    ///
    /// It is inlined, so that what a visitor makes of a resource is compiled for that resource: a route through generic
    /// code costs a fifth more.
    @inlinable
    public static func visit(_ visitor: inout some ResourceVisitor) {
        visitor.visit(Category.self)
        visitor.visit(Product.self)
        visitor.visit(Customer.self)
        visitor.visit(Order.self)

        visitor.visit(User.self)
        visitor.visit(Article.self)
        visitor.visit(Comment.self)

        visitor.visit(Application.self)
        visitor.visit(Deployment.self)
    }

    public static let all: [any Entity.Type] = {
        var list = ResourceList()
        visit(&list)
        return list.types
    }()

    public static let names = all.map { $0.resource }

    /// The resource of this name; nil if there is none.
    public static func named(_ name: String) -> (any Entity.Type)? { all.first { $0.resource == name } }
}

/// Does something for each resource.
public protocol ResourceVisitor {
    mutating func visit<E: Entity>(_ entity: E.Type)
}

private struct ResourceList: ResourceVisitor {
    var types: [any Entity.Type] = []

    mutating func visit<E: Entity>(_ entity: E.Type) { types.append(entity) }
}
