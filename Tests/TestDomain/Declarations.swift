public import Model

/// A domain that means nothing and has all that can be declared: what the tests of Larder itself stand on.
public let testDeclarations = Declarations(
    entities: [Depot.self, Crate.self, Carrier.self, Shipment.self, Report.self, Remark.self],
    views: [CarrierLoad.view, CrateTravels.view],
    creations: [Shipment.load],
    actions: [Shipment.unload],
    settings: [Shipment.dues])
