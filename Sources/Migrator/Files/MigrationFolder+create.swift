internal import Bytes

extension MigrationFolder {
    /// Makes the file of a new migration in `folder`, with the next number and both parts to be filled in.
    ///
    /// Until that is done the file is refused, because its parts have no statement.
    ///
    /// - Parameter name: what the migration does, in lower-case letters, digits and underscores: `add_users`.
    /// - Parameter content: what stands in it, if that is known already.
    /// - Returns: the name of the file.
    public static func create(_ name: String, in folder: String, content: String? = nil) throws(MigrationError) -> String {
        if let objection = MigrationFileName.objection(to: name) { throw MigrationError(.usage, objection) }
        let taken = try fileNames(in: folder).compactMap { number(of: $0) }
        let next = MigrationVersion(number: (taken.max() ?? 0) + 1)
        guard next <= .last else {
            throw MigrationError(.usage, "the number \(MigrationVersion.last) is taken, and it is the last; renumber the files")
        }
        let fileName = "\(next)_\(name).sql"
        do throws(FileError) {
            try FileSystem.create("\(folder)/\(fileName)", [UInt8]((content ?? skeleton).utf8))
        } catch {
            throw MigrationError(.usage, "\(folder)/\(fileName) cannot be made: \(error)")
        }
        return fileName
    }

    /// Of any file that begins with digits, so that a misnamed one keeps its number.
    private static func number(of fileName: String) -> Int? {
        let digits = fileName.utf8.prefix(4)
        return digits.allSatisfy(\.isDigit) ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }

    private static let skeleton = """
        -- What this migration is for.

        -- migrate:up

        -- migrate:down

        """
}
