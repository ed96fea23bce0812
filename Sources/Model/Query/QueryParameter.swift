/// A parameter of a URL, decoded.
public struct QueryParameter: Hashable, Sendable {
    /// Its name; of one that is longer than any of ours the ``StringProtocol/excerpt``, so that it can be compared with them.
    public let name: String
    public let value: String
    private let list: [String]?

    /// A field's name with a comparison has less.
    private static let maximumNameBytes = 128

    /// - Parameter list: what the value's commas divide, if some commas are data; nil if all of them divide.
    public init(_ name: String, _ value: String, list: [String]? = nil) {
        self.name = name.utf8.count > Self.maximumNameBytes ? name.excerpt : name
        self.value = value
        self.list = list
    }

    /// The parts of a list of texts, in which a comma that was sent as `%2C` is a part of its text.
    var texts: [String] { list ?? names }

    /// The parts of a list of what never holds a comma, so that each one divides, however it was sent. (Many clients encode all
    /// commas of a value.)
    var names: [String] {
        value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map { String(Substring($0)) }
    }
}

/// A parameter of a query that cannot be understood.
public struct InvalidParameter: Error, Hashable, Sendable {
    /// Its name as it was given; of a long one the ``StringProtocol/excerpt``.
    public let name: String
    /// What is expected.
    public let detail: String

    public init(_ name: String, _ detail: String) {
        self.name = name.excerpt
        self.detail = detail
    }
}

/// All the parameters that cannot be understood.
public struct InvalidParameters: Error, Hashable, Sendable {
    /// All of them, in the order of the parameters.
    public let problems: [InvalidParameter]

    public init(_ problems: [InvalidParameter]) { self.problems = problems }
}
