public import Model

/// What this service is made of. Whatever is in this list is routed, described, cached, imported, seeded and tested.
public let declarations: Declarations = .init(
    entities: [
        // Parents before those that refer to them.
        Category.self,
        Product.self,
        Customer.self,
        Order.self,
        User.self,
        Article.self,
        Comment.self,
        Application.self,
        Deployment.self,
    ],
    views: [
        CustomerSummary.view,
        ProductSales.view,
        ApplicationStatus.view,
    ],
    creations: [
        Order.place
    ],
    actions: [
        Order.cancel
    ],
    settings: [
        Order.salesTax
    ],
    words: sampleWords)
