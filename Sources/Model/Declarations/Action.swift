/// A creation that is more than a row: a `POST` to a collection whose body has a list beside the fields, as an order with lines.
///
/// It is routed, described, idempotent and announced from this declaration alone.
public struct CreatingAction: Sendable {
    /// The resource whose rows it makes or changes.
    public let subject: Schema
    /// The member of the body that asks for it, an array; a body without it makes a plain row.
    public let member: String
    /// What its elements hold.
    public let columns: [Column]
    /// How many elements there are.
    public let count: ClosedRange<Int>
    /// The positions of the fields that it computes, so that the body must not have them.
    public let computed: Set<Int>
    /// What it does, in a sentence, for the description of the API.
    public let summary: String
    /// For what reasons it may refuse, for the description of the API.
    public let refusals: [Refusal.Reason]
    private let body: @Sendable (_ fields: [Value], _ elements: [[Value]], UnitOfWork, Settings) async throws -> Row

    /// Declares it.
    ///
    /// - Parameters:
    ///   - perform: makes the row in a unit of work, of the row that the body has and of the elements of the list. It may run
    ///     more than once, if the store has to begin again.
    public init<E: Entity, Element: Record>(
        _ entity: E.Type, with member: String, of element: Element.Type, count: ClosedRange<Int>,
        computes computed: [PartialKeyPath<E>] = [], _ summary: String, refuses refusals: [Refusal.Reason] = [],
        perform: @escaping @Sendable (E, [Element], UnitOfWork, Settings) async throws -> Stored<E>
    ) {
        subject = E.schema
        self.member = member
        self.count = count
        self.computed = Set(computed.map(E.position(of:)))
        self.summary = summary
        self.refusals = refusals
        columns = Element.fields.map(\.column)
        body = { fields, elements, unit, settings in
            try await perform(E(values: fields), elements.map { Element(values: $0) }, unit, settings).row
        }
    }

    /// Makes the row.
    public func perform(_ fields: [Value], _ elements: [[Value]], in unit: UnitOfWork, _ settings: Settings) async throws -> Row {
        try await body(fields, elements, unit, settings)
    }
}

/// A write to a row that is more than new values: `POST /v1/orders/{id}/cancel`.
///
/// It is routed, described, idempotent and announced from this declaration alone.
public struct RowAction: Sendable {
    /// The last part of its path.
    public let name: String
    /// The resource whose rows it makes or changes.
    public let subject: Schema
    /// What it does, in a sentence, for the description of the API.
    public let summary: String
    /// What the body has; nil for an action without one.
    public let input: [Column]?
    /// For what reasons it may refuse, for the description of the API.
    public let refusals: [Refusal.Reason]
    private let body: @Sendable (Row, _ input: [Value], UnitOfWork, Settings) async throws -> Row

    /// Declares an action that needs no more than the row.
    ///
    /// - Parameter perform: does it in a unit of work, in which the row is locked. It may run more than once, if the store has to
    ///   begin again.
    public init<E: Entity>(
        _ name: String, of entity: E.Type, _ summary: String, refuses refusals: [Refusal.Reason] = [],
        perform: @escaping @Sendable (Stored<E>, UnitOfWork, Settings) async throws -> Stored<E>
    ) {
        self.name = name
        self.summary = summary
        self.refusals = refusals
        subject = E.schema
        input = nil
        body = { row, _, unit, settings in try await perform(Stored(row), unit, settings).row }
    }

    /// Declares an action with a body.
    public init<E: Entity, Input: Record>(
        _ name: String, of entity: E.Type, taking input: Input.Type, _ summary: String, refuses refusals: [Refusal.Reason] = [],
        perform: @escaping @Sendable (Stored<E>, Input, UnitOfWork, Settings) async throws -> Stored<E>
    ) {
        self.name = name
        self.summary = summary
        self.refusals = refusals
        subject = E.schema
        self.input = Input.fields.map(\.column)
        body = { row, values, unit, settings in
            try await perform(Stored(row), Input(values: values), unit, settings).row
        }
    }

    /// Does it to a row that was found in this unit.
    ///
    /// - Parameter input: the values of ``input``, in its order.
    public func perform(_ row: Row, _ input: [Value], in unit: UnitOfWork, _ settings: Settings) async throws -> Row {
        try await body(row, input, unit, settings)
    }
}

/// What an action does not do, because the rows are not as they would have to be. Nothing is written then.
public struct Refusal: Hashable, Sendable {
    /// Names the kind of problem, stable for programs: the last part of a problem's `type`, as in `out-of-stock`.
    public let type: String
    /// What is in the way, in one sentence with its full stop.
    public let detail: String

    /// A kind of refusal, declared beside the action.
    public struct Reason: Sendable {
        /// Names the kind of problem; see ``Refusal/type``.
        public let type: String
        /// An example of a sentence, for the description of the API.
        public let example: String

        public init(_ type: String, example: String) {
            self.type = type
            self.example = example
        }

        /// To be thrown.
        public func because(_ detail: String) -> DomainError { .refused(Refusal(type: type, detail: detail)) }
    }

    public init(type: String, detail: String) {
        self.type = type
        self.detail = detail
    }
}
