import Domain
import Testing

/// Writes anything anywhere, the same for the same seed, and knows the reads that could notice.
struct RandomWriter {
    private let bench: Bench
    private var random: SeededGenerator
    /// The ids of all rows that ever were: reads ask for those that are gone, too.
    private var ids: [String: [Value]] = [:]
    private var lines: Int64 = 0

    init(_ bench: Bench, seed: Int) {
        self.bench = bench
        random = SeededGenerator(seed: seed)
    }

    /// Runs one random transaction. One that breaks a constraint changes nothing, which is tested like the others.
    ///
    /// - Returns: what it did, and the tags that it touched.
    mutating func write() async throws -> (kind: String, touched: Set<Tag>) {
        let number = Int.random(in: 0..<12, using: &random)
        let entity = EntityUnderTest.all.randomElement(using: &random)!.type
        var done = ""
        var touched: Set<Tag> = []
        do {
            // In a copy, so that what was rolled back is forgotten.
            let copy = self
            self = try await bench.write { unit in
                var writer = copy
                for _ in 0..<Int.random(in: 1...2, using: &writer.random) {
                    switch number {
                    case 0...2: done += try await writer.insert(entity, unit)
                    case 3...5: done += try await writer.update(entity, unit)
                    case 6: done += try await writer.delete(entity, unit)
                    case 7: done += try await writer.upsert(entity, unit)
                    case 8...9: done += try await writer.upsertLine(unit)
                    default: done += try await writer.placeOrder(unit)
                    }
                }
                touched = unit.touched
                return writer
            }
            return (done, touched)
        } catch let error as DomainError {
            _ = random.next()  // else the next attempt is the same
            return ("\(done) failed with \(error) and", touched)
        }
    }

    private mutating func value<E: Entity>(of entity: E.Type) -> E? {
        var value = E()
        for field in E.givenFields {
            if let resource = field.rules.references {
                guard let parent = ids[resource]?.randomElement(using: &random) else { return nil }
                value = value.with(parent, in: field)
            } else {
                value = value.with(bench.samples.commonValue(of: field, using: &random), in: field)
            }
        }
        return value
    }

    private mutating func existing<E: Entity>(_ entity: E.Type, _ unit: UnitOfWork) async throws -> Stored<E>? {
        guard let id = ids[E.resource]?.randomElement(using: &random) else { return nil }
        return try await unit.find(ID<E>(id)!)
    }

    private mutating func insert<E: Entity>(_ entity: E.Type, _ unit: UnitOfWork) async throws -> String {
        guard let value = value(of: entity) else { return "nothing" }
        let row = try await unit.insert(value)
        ids[E.resource, default: []].append(row.id.value)
        return "insert \(E.resource) \(row.id) "
    }

    private mutating func update<E: Entity>(_ entity: E.Type, _ unit: UnitOfWork) async throws -> String {
        guard let row = try await existing(entity, unit), let other = value(of: entity) else { return "nothing " }
        // Often another parent, because that moves the row from one part of the set to another.
        let fields = Bool.random(using: &random) && !E.schema.references.isEmpty ? E.schema.references : E.givenFields
        let field = fields.randomElement(using: &random)!
        _ = try await unit.update(row, to: row.value.with(field.value(of: other), in: field))
        return "update \(E.resource) \(row.id) \(field.name) "
    }

    private mutating func delete<E: Entity>(_ entity: E.Type, _ unit: UnitOfWork) async throws -> String {
        guard let row = try await existing(entity, unit) else { return "nothing " }
        try await unit.delete(row)
        return "delete \(E.resource) \(row.id) "
    }

    private mutating func upsert<E: Entity>(_ entity: E.Type, _ unit: UnitOfWork) async throws -> String {
        guard let id = ids[E.resource]?.randomElement(using: &random), let value = value(of: entity) else { return "nothing " }
        try await unit.upsert([(ID<E>(id)!, value)])
        return "upsert \(E.resource) \(id.text!) "
    }

    private mutating func upsertLine(_ unit: UnitOfWork) async throws -> String {
        guard let order = ids["orders"]?.randomElement(using: &random),
            let product = ids["products"]?.randomElement(using: &random)
        else { return "nothing " }
        let number = Int64.random(in: 1...3, using: &random)
        let quantity = Int64.random(in: 1...9, using: &random)
        try await unit.upsert(lines: [line(ID(order)!, number, ID(product)!, quantity)])
        return "upsert line \(number) of order \(order.text!) "
    }

    private mutating func placeOrder(_ unit: UnitOfWork) async throws -> String {
        guard let customer = ids["customers"]?.randomElement(using: &random), let products = ids["products"] else {
            return "nothing "
        }
        let lines = (0..<2).map { _ in
            var line = OrderPlacement.Line()
            line.productID = ID(products.randomElement(using: &random)!)!
            line.quantity = 1
            return line
        }
        let order = try await OrderPlacement(
            orderDate: Day(number: 20_000), customerID: ID(customer)!, lines: lines, taxPercent: Percent("8.25")!
        ).place(in: unit)
        ids["orders", default: []].append(order.id.value)
        return "place order \(order.id) "
    }
}

/// A read that can be repeated.
struct Probe {
    let name: String
    let read: (Bench) async throws -> Reading
}

extension RandomWriter {
    /// Some reads of all kinds: of rows, of lists and counts of anything, of summaries.
    mutating func probes(_ count: Int) -> [Probe] {
        var probes: [Probe] = []
        for entity in EntityUnderTest.all { add(entity.type, to: &probes) }
        for id in ids["customers"] ?? [] {
            probes.append(Probe(name: "summary of \(id.text!)") { try await $0.summary(of: ID(id)!) })
        }
        for id in ids["applications"] ?? [] {
            probes.append(Probe(name: "status of \(id.text!)") { try await $0.status(of: ID(id)!) })
        }
        return Array(probes.shuffled(using: &random).prefix(count))
    }

    private mutating func add<E: Entity>(_ entity: E.Type, to probes: inout [Probe]) {
        for id in ids[E.resource] ?? [] {
            for projection in [.whole, projection(of: entity)] {
                probes.append(
                    Probe(name: "\(E.resource) \(id.text!)\(projection.key)") { try await $0.find(ID<E>(id)!, projection) })
            }
        }
        // By each parent, and by anything else.
        for field in E.schema.references {
            for parent in ids[field.rules.references!] ?? [] {
                let filter = Query<E>.Filter(E.schema.position(of: field.name)!, .equal, [parent])
                add([filter], to: &probes)
            }
        }
        for _ in 0..<6 { add((0..<Int.random(in: 0...2, using: &random)).map { _ in filter(of: entity) }, to: &probes) }
    }

    private mutating func add<E: Entity>(_ filters: [Query<E>.Filter], to probes: inout [Probe]) {
        let key = Query<E>.SortKey(
            column: E.schema.columns.indices.randomElement(using: &random)!, isDescending: Bool.random(using: &random))
        var query = Query<E>(filters: filters, sort: [key], limit: Int.random(in: 1...5, using: &random))
        query.countsExactly = Bool.random(using: &random)
        query.projection = projection(of: E.self)
        probes.append(Probe(name: query.cacheKey) { [query] in try await $0.list(query) })
        probes.append(Probe(name: E.countKey(filters)) { try await $0.count(filters) })
    }

    private mutating func projection<E: Entity>(of entity: E.Type) -> Projection<E> {
        Projection(
            columns: Bool.random(using: &random) ? [] : E.schema.columns.indices.filter { _ in Bool.random(using: &random) },
            parts: E.parts.filter { _ in Bool.random(using: &random) })
    }

    private mutating func filter<E: Entity>(of entity: E.Type) -> Query<E>.Filter {
        let field = E.fields.randomElement(using: &random)!
        let column = E.schema.position(of: field.name)!
        let comparison = [.equal, .notEqual, .less, .greaterOrEqual].randomElement(using: &random) as Query<E>.Comparison?
        if let resource = field.rules.references {
            let parent = ids[resource]?.randomElement(using: &random)
            return Query<E>.Filter(column, comparison!, [parent ?? unusedValue(for: resource)])
        }
        return Query<E>.Filter(column, comparison!, [Samples.value(of: field, Int.random(in: 0..<4, using: &random))])
    }
}
