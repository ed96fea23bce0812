internal import Domain
internal import HTTPServer

/// What customers have beside the routes of every resource.
struct CustomerRoutes {
    let service: Service
    let customers: any CustomerRepository

    func register(on router: Router) {
        router.on(.get, "/v1/customers/{id}/summary") { request, parameters in
            await service.answer(request) {
                let id = try parameters.id(of: Customer.self)
                try service.refuseParameters(of: request)
                let context = service.context(for: request)
                guard let summary = try await customers.summary(of: id, context) else {
                    throw Problem.notFound(Customer.singular, "\(id)", context)
                }
                return Response(summary, to: request, context)
            }
        }
    }
}
