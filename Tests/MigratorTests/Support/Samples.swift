import Testing

@testable public import Migrator
@testable import Postgres

/// A folder's files by name, without a disk.
func folder(_ contents: [String: String]) -> MigrationFolder {
    MigrationFolder(contents.sorted { $0.key < $1.key }.map { ($0.key, [UInt8]($0.value.utf8)) })
}

/// Files that are there and right.
func files(_ contents: [String: String]) throws -> [MigrationFile] { try folder(contents).valid() }

/// A file `NNNN_tN.sql` that makes the table `tN`, for each number.
func tables(_ numbers: Int...) -> [String: String] { tables(numbers) }

func tables(_ numbers: [Int]) -> [String: String] {
    var contents: [String: String] = [:]
    for number in numbers {
        let content = "-- migrate:up\nCREATE TABLE t\(number) ();\n-- migrate:down\nDROP TABLE t\(number);\n"
        contents["\(MigrationVersion(number: number))_t\(number).sql"] = content
    }
    return contents
}

extension MigrationFile {
    /// The row of it in a database to which it was applied.
    func row(_ state: AppliedMigration.State = .finished, name: String? = nil, checksum: String? = nil) -> AppliedMigration {
        AppliedMigration(
            version: version, name: name ?? self.name, checksum: checksum ?? "\(self.checksum)", state: state,
            appliedAt: "2026-01-02T03:04:05Z", milliseconds: state == .finished ? 12 : nil)
    }
}

extension MigrationPlan {
    /// `0001 up`, `0002 down` and so on.
    var summary: [String] { steps.map { "\($0.file.version) \($0.action.rawValue)" } }
}

extension MigrationVersion: ExpressibleByIntegerLiteral {
    public init(integerLiteral number: Int) { self.init(number: number) }
}

/// The error that `body` throws, which has to be a ``MigrationError``.
func migrationError<Value>(_ body: () async throws -> Value) async -> MigrationError? {
    do {
        _ = try await body()
        return nil
    } catch let error as MigrationError {
        return error
    } catch {
        Issue.record("another error: \(error)")
        return nil
    }
}
