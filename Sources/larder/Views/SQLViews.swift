internal import Domain
internal import PostgresStore

/// The views that PostgreSQL computes by statements of their own.
let sqlViews = [CustomerSummary.sql, ProductSales.sql, ApplicationStatus.sql]
