internal import Bytes

/// The name of a migration's file, taken apart.
struct MigrationFileName: Hashable {
    /// Of the part behind the number, in bytes. With the number and the ending it is well below what file systems take.
    static let nameLimit = 100

    let version: MigrationVersion
    let name: String

    init(_ fileName: String) throws(MigrationFileProblem) {
        let stem = fileName.utf8.dropLast(4)
        guard fileName.hasSuffix(".sql"), stem.prefix(4).allSatisfy(\.isDigit), stem.dropFirst(4).first == UInt8(ascii: "_"),
            let version = MigrationVersion(String(decoding: stem.prefix(4), as: UTF8.self))
        else {
            throw MigrationFileProblem(
                fileName: fileName, line: nil,
                reason: "not the name of a migration; call it NNNN_name.sql with four digits, as in 0001_users.sql")
        }
        guard version != .none else {
            throw MigrationFileProblem(fileName: fileName, line: nil, reason: "numbers begin with 0001; rename it")
        }
        self.version = version
        name = String(decoding: stem.dropFirst(5), as: UTF8.self)
        if let reason = MigrationFileName.objection(to: name) {
            throw MigrationFileProblem(fileName: fileName, line: nil, reason: reason, version: version)
        }
    }

    /// Why `name` cannot stand behind the number; nil if it can.
    static func objection(to name: String) -> String? {
        if name.isEmpty { return "the name behind the number is empty; say what the migration does, as in add_users" }
        guard name.utf8.allSatisfy(isNameByte) else {
            return "the name \"\(name)\" may only have lower-case letters, digits and underscores, as in add_users"
        }
        guard name.utf8.count <= nameLimit else { return "the name may have at most \(nameLimit) characters; shorten it" }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte.isDigit || byte == UInt8(ascii: "_") || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
    }
}
