/// The migrations of a folder, as far as their files can be understood.
public struct MigrationFolder: Sendable {
    /// The longest file that is read, in bytes. What has to bring more than that into a database is no migration.
    public static let fileLimit = 16 * 1_024 * 1_024

    /// In the order of their numbers, without those that break a rule.
    let files: [MigrationFile]
    /// All that is wrong with the others.
    let problems: [MigrationFileProblem]

    /// Reads the files of `folder` whose name ends with `.sql`; the others are none of its business.
    ///
    /// It blocks. A folder holds few and small files.
    ///
    /// - Throws: ``MigrationError/Kind/usage`` if the folder cannot be read. What is wrong with its files is said when
    ///   they are needed.
    public init(_ folder: String) throws(MigrationError) {
        var contents: [(fileName: String, content: [UInt8])] = []
        var unreadable: [MigrationFileProblem] = []
        for fileName in try MigrationFolder.fileNames(in: folder) {
            do throws(FileError) {
                contents.append((fileName, try FileSystem.read("\(folder)/\(fileName)", limit: MigrationFolder.fileLimit)))
            } catch {
                let limit = "longer than \(MigrationFolder.fileLimit) bytes; load such data by other means"
                unreadable.append(
                    MigrationFileProblem(
                        fileName: fileName, line: nil,
                        reason: error == .tooLarge ? limit : "cannot be read: \(error)",
                        version: try? MigrationFileName(fileName).version))
            }
        }
        self.init(contents, problems: unreadable)
    }

    /// Understands files by name and content.
    init(
        _ contents: [(fileName: String, content: [UInt8])], problems: [MigrationFileProblem] = [], of origin: String = ""
    ) {
        var files: [MigrationFile] = []
        var problems = problems
        for (fileName, content) in contents {
            do throws(MigrationFileProblem) {
                files.append(try MigrationFile(fileName: fileName, content, of: origin))
            } catch {
                problems.append(error)
            }
        }
        files.sort { ($0.version, $0.name) < ($1.version, $1.name) }
        for (earlier, later) in zip(files, files.dropFirst()) where earlier.version == later.version {
            problems.append(
                MigrationFileProblem(
                    fileName: later.fileName, line: nil,
                    reason: "has the same number as \(earlier.fileName); give the newer one the next free number",
                    version: later.version))
        }
        self.files = files
        self.problems = problems.sorted { ($0.fileName, $0.line ?? 0) < ($1.fileName, $1.line ?? 0) }
    }

    /// The names of the files that are meant to be migrations, sorted.
    static func fileNames(in folder: String) throws(MigrationError) -> [String] {
        do throws(FileError) {
            // In capitals, too, so that a misspelt one is reported and not left out.
            return try FileSystem.names(in: folder).filter { $0.lowercased().hasSuffix(".sql") }.sorted()
        } catch {
            throw MigrationError(
                .usage, "the folder of the migrations, \(folder), cannot be read: \(error); name the right one in MIGRATIONS_DIR")
        }
    }

    /// The migrations, in the order of their numbers.
    ///
    /// - Throws: ``MigrationError/Kind/files`` with all that is wrong with any of them.
    public func valid() throws(MigrationError) -> [MigrationFile] {
        guard problems.isEmpty else { throw MigrationError(.files, problems.map(\.description)) }
        return files
    }
}
