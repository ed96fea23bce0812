internal import Domain

/// Makes a row in a unit of work. What is wrong with its content was found before.
typealias Creation<E: Entity> = (UnitOfWork) async throws -> Stored<E>

/// Reads the object of a body that stands at `pointer` as a row that is to be made.
typealias CreationReader<E: Entity> = (_ json: JSONValue, _ pointer: String) throws(DomainError) -> Creation<E>

extension Resource {
    /// Reads a row that is made of its fields alone.
    func creation(_ json: JSONValue, at pointer: String) throws(DomainError) -> Creation<E> {
        let value = try RecordBody<E>(json, at: pointer).record()
        return { try await $0.insert(value) }
    }
}
