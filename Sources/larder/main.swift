internal import Domain
internal import Service

// The service over this domain.
Program.run(declarations, views: sqlViews)
