internal import EventLoop
internal import Model

/// Records that were read together.
struct RecordLot: Sendable {
    /// None at the end of the file.
    var records: [CSVReader.Record] = []
    /// How many bytes of the file were read up to the last of them.
    var bytesRead = 0
}

/// Reads the records of a file on a thread of its own: a pipe or a terminal may keep silent for as long as it likes, and whoever
/// waits for it has signals to hear. The process may end while it still waits.
actor RecordReader {
    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    private let thread = Loop()
    private let request: Command.ImportRequest
    private var reader = CSVReader([])

    /// What is known of a file before its first row.
    struct Opened: Sendable {
        let form: FileForm
        /// In bytes; nil if that is not known before the end.
        let size: Int?
        let header: [String]
    }

    init(_ request: Command.ImportRequest) {
        self.request = request
        thread.start(name: "input")
    }

    /// Opens the file and reads its header.
    ///
    /// - Throws: ``CommandFailure`` if it cannot be read, or does not look like CSV.
    func open() throws -> Opened {
        do {
            let file = try InputFile(request.file)
            let form = FileForm(name: file.name, path: request.file, resource: request.resource)
            let start = try file.read()
            if let objection = form.objection(to: start) { throw CommandFailure(objection) }
            var isFirst = true
            reader = CSVReader {
                defer { isFirst = false }
                return isFirst ? start : try file.read()
            }
            return Opened(form: form, size: file.size, header: try header(of: file))
        } catch let error as InputFile.Unreadable {
            throw unreadable(error)
        }
    }

    /// The next records; none at the end.
    ///
    /// - Throws: ``CommandFailure`` if the file cannot be read on.
    func next() throws -> RecordLot {
        do {
            return try reader.nextLot()
        } catch let error as InputFile.Unreadable {
            throw unreadable(error)
        }
    }

    private func header(of file: InputFile) throws -> [String] {
        do {
            guard let header = try reader.next() else { throw CommandFailure("There is no header in \(file.name).") }
            return try header.fields.get()
        } catch let error as CSVReader.Malformed {
            throw CommandFailure("The first line of \(file.name) is no header: \(error.reason).")
        }
    }

    private func unreadable(_ error: InputFile.Unreadable) -> CommandFailure {
        CommandFailure("The file \(request.file) cannot be read: \(error.reason).")
    }
}

extension CSVReader {
    /// How many records are read together at most, and about how many bytes.
    private static let lot = (records: 500, bytes: 1 << 20)

    /// The next records; none at the end.
    mutating func nextLot() throws -> RecordLot {
        let start = bytesRead
        var records: [Record] = []
        while records.count < Self.lot.records, bytesRead - start < Self.lot.bytes, let record = try next() {
            records.append(record)
        }
        return RecordLot(records: records, bytesRead: bytesRead)
    }
}
