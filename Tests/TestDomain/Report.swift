public import Model

/// A row whose id the service makes, with a text so long that a few of them fill a page.
public struct Report: Entity {
    public typealias Key = UUID

    public enum Status: String, Choice {
        case draft, published
    }

    public var title = ""
    public var body = ""
    public var status = Status.draft

    public init() {}

    public static let resource = "reports"
    public static let singular = "report"
    public static let fields: [Field<Report>] = [
        Field("title", \.title, .length(1...200)),
        Field("body", \.body, .length(0...100_000)),
        Field("status", \.status, .hasDefault),
    ]
    public static let schema = Schema(of: Report.self)
}

/// One that refers to such a row.
public struct Remark: Entity {
    public typealias Key = UUID

    public var reportID = ID<Report>(.zero)
    public var body = ""

    public init() {}

    public static let resource = "remarks"
    public static let singular = "remark"
    public static let fields: [Field<Remark>] = [
        Field("report_id", \.reportID, .references(Report.self)),
        Field("body", \.body, .length(1...10_000)),
    ]
    public static let schema = Schema(of: Remark.self)
}
