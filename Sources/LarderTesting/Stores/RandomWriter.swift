package import Model

/// Writes anything anywhere, the same for the same seed, and knows the reads that could notice.
package struct RandomWriter {
    private let declarations: Declarations
    private let bench: Bench
    private var random: SeededNumbers
    /// The ids of all rows that ever were: reads ask for those that are gone, too.
    private var ids: [String: [Value]] = [:]
    package init(_ declarations: Declarations, _ bench: Bench, seed: UInt64) {
        self.declarations = declarations
        self.bench = bench
        random = SeededNumbers(seed: seed)
    }

    /// Runs one random transaction. One that breaks a constraint changes nothing, which is tested like the others.
    ///
    /// - Returns: what it did, and the tags that it touched.
    package mutating func write() async throws -> (kind: String, touched: Set<Tag>) {
        let number = Int.random(in: 0..<14, using: &random)
        let entity = declarations.entities.randomElement(using: &random)!
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
                    case 8...9: done += try await writer.upsertOwned(unit)
                    case 10...11: done += try await writer.create(unit)
                    default: done += try await writer.act(unit)
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
                let parent = ids[resource]?.randomElement(using: &random)
                guard let parent = parent ?? (field.isOptional ? .null : nil) else { return nil }
                value = value.with(parent, in: field)
            } else {
                value = value.with(bench.samples.commonValue(of: field.column, using: &random), in: field)
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
        let fields = Bool.random(using: &random) && !E.referenceFields.isEmpty ? E.referenceFields : E.givenFields
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

    private mutating func upsertOwned(_ unit: UnitOfWork) async throws -> String {
        guard let (owned, owner) = declarations.owned.randomElement(using: &random),
            let id = ids[owner.resource]?.randomElement(using: &random), let values = values(of: owned.columns)
        else { return "nothing " }
        let position = Int64.random(in: 1...3, using: &random)
        try await unit.upsert([OwnedRow(owner: id, position: position, values: values)], into: owned, of: owner)
        return "upsert \(owned.name) \(position) of \(owner.singular) \(id.text!) "
    }

    private mutating func create(_ unit: UnitOfWork) async throws -> String {
        guard let action = declarations.creations.randomElement(using: &random),
            let fields = values(of: Array(action.subject.fieldColumns))
        else { return "nothing " }
        let elements = (0..<max(2, action.count.lowerBound)).compactMap { _ in values(of: action.columns) }
        let row = try await action.perform(fields, elements, in: unit, Settings())
        ids[action.subject.resource, default: []].append(row.id)
        return "create \(action.subject.singular) \(row.id.text!) with \(action.member) "
    }

    private mutating func act(_ unit: UnitOfWork) async throws -> String {
        guard let action = declarations.actions.filter({ $0.input == nil }).randomElement(using: &random),
            let id = ids[action.subject.resource]?.randomElement(using: &random),
            let row = try await unit.find([id], of: action.subject).first
        else { return "nothing " }
        _ = try await action.perform(row, [], in: unit, Settings())
        return "\(action.name) \(action.subject.singular) \(id.text!) "
    }

    /// Values for columns, with rows that are there in their references; nil if there are none.
    private mutating func values(of columns: [Column]) -> [Value]? {
        let values = columns.map { column -> Value? in
            guard column.isGiven else { return column.defaultValue ?? column.blank }
            guard let resource = column.rules.references else { return bench.samples.commonValue(of: column, using: &random) }
            return ids[resource]?.randomElement(using: &random) ?? (column.isOptional ? .null : nil)
        }
        return values.contains(nil) ? nil : values.compactMap(\.self)
    }
}

/// A read that can be repeated.
package struct Probe {
    package let name: String
    package let read: (Bench) async throws -> Reading
}

extension RandomWriter {
    /// Some reads of all kinds: of rows, of lists and counts of anything, of summaries.
    package mutating func probes(_ count: Int) -> [Probe] {
        var probes: [Probe] = []
        for entity in declarations.entities { add(entity, to: &probes) }
        for view in declarations.views {
            for id in ids[view.subject.resource] ?? [] {
                probes.append(Probe(name: "\(view.name) of \(id.text!)") { try await $0.view(view, of: id) })
            }
        }
        return Array(probes.shuffled(using: &random).prefix(count))
    }

    private mutating func add<E: Entity>(_ entity: E.Type, to probes: inout [Probe]) {
        for id in ids[E.resource] ?? [] {
            for projection in [.whole, projection(of: E.schema)] {
                probes.append(
                    Probe(name: "\(E.resource) \(id.text!)\(projection.key(of: E.schema))") {
                        try await $0.find(ID<E>(id)!, projection)
                    })
            }
        }
        // By each parent, and by anything else.
        for field in E.referenceFields {
            for parent in ids[field.rules.references!] ?? [] {
                let filter = Query.Filter(E.position(of: field), .equal, [parent])
                add([filter], of: E.schema, to: &probes)
            }
        }
        for _ in 0..<6 {
            add((0..<Int.random(in: 0...2, using: &random)).map { _ in filter(of: entity) }, of: E.schema, to: &probes)
        }
    }

    private mutating func add(_ filters: [Query.Filter], of schema: Schema, to probes: inout [Probe]) {
        let key = Query.SortKey(
            column: schema.columns.indices.randomElement(using: &random)!, isDescending: Bool.random(using: &random))
        var query = Query(of: schema, filters: filters, sort: [key], limit: Int.random(in: 1...5, using: &random))
        query.countsExactly = Bool.random(using: &random)
        query.projection = projection(of: schema)
        probes.append(Probe(name: query.cacheKey) { [query] in try await $0.list(query) })
        probes.append(Probe(name: schema.countKey(filters)) { try await $0.count(filters, of: schema) })
    }

    private mutating func projection(of schema: Schema) -> Projection {
        Projection(
            columns: Bool.random(using: &random) ? [] : schema.columns.indices.filter { _ in Bool.random(using: &random) },
            parts: schema.allParts.filter { _ in Bool.random(using: &random) })
    }

    private mutating func filter<E: Entity>(of entity: E.Type) -> Query.Filter {
        let field = E.fields.randomElement(using: &random)!
        let column = E.position(of: field)
        let comparison = [.equal, .notEqual, .less, .greaterOrEqual].randomElement(using: &random) as Query.Comparison?
        if let target = field.rules.target {
            let parent = ids[target.resource]?.randomElement(using: &random)
            return Query.Filter(column, comparison!, [parent ?? unusedValue(of: target)])
        }
        return Query.Filter(column, comparison!, [Samples.value(of: field.column, Int.random(in: 0..<4, using: &random))])
    }
}
