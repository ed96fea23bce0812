/// What a service is made of: the one list that routes, commands, settings and tests follow.
public struct Declarations: Sendable {
    /// Parents before those that refer to them.
    public let entities: [any Entity.Type]
    /// What is known of each of them, in the same order.
    public let schemas: [Schema]
    /// Computed reads of rows.
    public let views: [View]
    /// What makes rows beside plain creation, at most one for each entity.
    public let creations: [CreatingAction]
    /// Writes to rows that are more than new values.
    public let actions: [RowAction]
    /// Environment variables that the domain reads.
    public let settings: [any AnySetting]
    /// What made-up rows are made of.
    public let words: SampleWords

    /// - Precondition: every view and action is of one of the entities, an entity has one creating action at most, and no two have
    ///   one name where that would be one path, one table or one part of the description.
    public init(
        entities: [any Entity.Type], views: [View] = [], creations: [CreatingAction] = [], actions: [RowAction] = [],
        settings: [any AnySetting] = [], words: SampleWords = SampleWords()
    ) {
        self.entities = entities
        self.views = views
        self.creations = creations
        self.actions = actions
        self.settings = settings
        self.words = words
        schemas = entities.map { $0.schema }
        check()
    }

    /// The names of the resources.
    public var resources: [String] { schemas.map(\.resource) }

    /// The resource of this name; nil if there is none.
    public func schema(named name: String) -> Schema? { schemas.first { $0.resource == name } }

    /// Owned rows by the name of their table, with the schema of their owner.
    public var owned: [(rows: OwnedRows, owner: Schema)] {
        schemas.flatMap { schema in schema.owned.map { ($0, schema) } }
    }

    /// The views of a resource.
    public func views(of schema: Schema) -> [View] { views.filter { $0.subject == schema } }

    /// The actions on the rows of a resource.
    public func actions(of schema: Schema) -> [RowAction] { actions.filter { $0.subject == schema } }

    /// What makes rows of a resource beside plain creation.
    public func creation(of schema: Schema) -> CreatingAction? { creations.first { $0.subject == schema } }

    /// The rows that examples show: number 1 of each resource, and all refer to those.
    public var samples: SampleRows { SampleRows(words) { _ in 1 } }

    /// What all actions may refuse.
    public var refusals: [Refusal.Reason] { creations.flatMap(\.refusals) + actions.flatMap(\.refusals) }
}
