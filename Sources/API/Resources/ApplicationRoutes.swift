internal import Domain
internal import HTTPServer

/// What applications have beside the routes of every resource.
struct ApplicationRoutes {
    let service: Service
    let applications: any ApplicationRepository

    func register(on router: Router) {
        router.on(.get, "/v1/applications/{id}/status") { request, parameters in
            await service.answer(request) {
                let id = try parameters.id(of: Application.self)
                try service.refuseParameters(of: request)
                let context = service.context(for: request)
                guard let status = try await applications.status(of: id, context) else {
                    throw Problem.notFound(Application.singular, "\(id)", context)
                }
                return Response(status, to: request, context)
            }
        }
    }
}
