import LarderTesting
import Testing

/// A resource with what can be done with its rows, over the rows of ``TestAPI/fill()``.
struct ResourceSample: CustomTestStringConvertible, Sendable {
    let resource: String
    /// A new row, with all that has to be given.
    let body: String
    /// What the new row has then, without times.
    let created: JSON
    /// Other values for all that can be given.
    let other: String
    let replaced: JSON
    /// Of these, one.
    let patch: String
    let patched: JSON

    var testDescription: String { resource }
    var path: String { "/v1/\(resource)" }

    static let all = [categories, products, customers, orders]

    static let categories = ResourceSample(
        resource: "categories",
        body: #"{"name": "Books"}"#, created: ["id": 2, "name": "Books", "version": 1],
        other: #"{"name": "Maps"}"#, replaced: ["id": 2, "name": "Maps", "version": 2],
        patch: #"{"name": "Globes"}"#, patched: ["id": 2, "name": "Globes", "version": 2])

    static let products = ResourceSample(
        resource: "products",
        body: #"{"category_id": 1, "title": "Kite \"X\"", "actor": "", "price": "12"}"#,
        created: [
            "id": 3, "category_id": 1, "title": "Kite \"X\"", "actor": "", "price": "12.00", "special": false, "stock": 0,
            "sold": 0, "version": 1,
        ],
        other: """
            {"category_id": 1, "title": "Ünïcode 😀", "actor": "B", "price": "0.01", "special": true, "stock": 2, "sold": 3}
            """,
        replaced: [
            "id": 3, "category_id": 1, "title": "Ünïcode 😀", "actor": "B", "price": "0.01", "special": true, "stock": 2,
            "sold": 3, "version": 2,
        ],
        patch: #"{"price": "13.50"}"#,
        patched: [
            "id": 3, "category_id": 1, "title": "Kite \"X\"", "actor": "", "price": "13.50", "special": false, "stock": 0,
            "sold": 0, "version": 2,
        ])

    static let customers = ResourceSample(
        resource: "customers",
        body: """
            {"first_name": "Alan", "last_name": "Turing", "email": "alan@example.org", "username": "alan", "address": "2 Low Road",
             "city": "Leeds", "zip": "LS1", "country": "UK", "age": 41, "phone": "0113", "state": null}
            """,
        created: [
            "id": 2, "first_name": "Alan", "last_name": "Turing", "email": "alan@example.org", "username": "alan",
            "address": "2 Low Road", "city": "Leeds", "state": nil, "zip": "LS1", "country": "UK", "phone": "0113", "age": 41,
            "income": nil, "gender": nil, "version": 1,
        ],
        other: """
            {"first_name": "A", "last_name": "T", "email": "a@t", "username": "at", "address": "3", "city": "L", "state": "Yorks",
             "zip": "1", "country": "GB", "income": 1000000000000, "gender": "M"}
            """,
        replaced: [
            "id": 2, "first_name": "A", "last_name": "T", "email": "a@t", "username": "at", "address": "3", "city": "L",
            "state": "Yorks", "zip": "1", "country": "GB", "phone": nil, "age": nil, "income": 1_000_000_000_000, "gender": "M",
            "version": 2,
        ],
        patch: #"{"phone": null, "income": 5}"#,
        patched: [
            "id": 2, "first_name": "Alan", "last_name": "Turing", "email": "alan@example.org", "username": "alan",
            "address": "2 Low Road", "city": "Leeds", "state": nil, "zip": "LS1", "country": "UK", "phone": nil, "age": 41,
            "income": 5, "gender": nil, "version": 2,
        ])

    static let orders = ResourceSample(
        resource: "orders",
        body: #"{"order_date": "2026-03-01", "customer_id": 1, "net_amount": "100.00", "tax": "8.25"}"#,
        created: [
            "id": 1, "order_date": "2026-03-01", "customer_id": 1, "net_amount": "100.00", "tax": "8.25",
            "total_amount": "108.25", "status": "placed", "version": 1,
        ],
        other: #"{"order_date": "2026-12-31", "customer_id": 1, "net_amount": "0.00", "tax": "0.01"}"#,
        replaced: [
            "id": 1, "order_date": "2026-12-31", "customer_id": 1, "net_amount": "0.00", "tax": "0.01",
            "total_amount": "0.01", "status": "placed", "version": 2,
        ],
        patch: #"{"net_amount": "200.00"}"#,
        patched: [
            "id": 1, "order_date": "2026-03-01", "customer_id": 1, "net_amount": "200.00", "tax": "8.25",
            "total_amount": "208.25", "status": "placed", "version": 2,
        ])

    /// The path of the row that is created.
    var rowPath: String { "\(path)/\(resource == "products" ? 3 : resource == "orders" ? 1 : 2)" }
}

extension JSON {
    /// A row without its times, which no test can foresee.
    var withoutTimes: JSON {
        guard case .object(var members) = self else { return self }
        members["created_at"] = nil
        members["updated_at"] = nil
        return .object(members)
    }
}
