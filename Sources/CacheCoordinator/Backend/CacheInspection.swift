/// What a backend holds under one name.
public struct CacheInspection: Sendable, Hashable {
    /// A tag's state.
    public struct TagValue: Sendable, Hashable {
        /// What a look would say of it.
        public var state: TagState
        /// Milliseconds until it is forgotten; nil if nobody forgets it.
        public var expiresIn: Int?

        public init(state: TagState, expiresIn: Int?) {
            self.state = state
            self.expiresIn = expiresIn
        }
    }

    /// An entry.
    public struct EntryValue: Sendable, Hashable {
        /// Its length in bytes.
        public var bytes: Int
        /// Milliseconds until it is forgotten.
        public var expiresIn: Int

        public init(bytes: Int, expiresIn: Int) {
            self.bytes = bytes
            self.expiresIn = expiresIn
        }
    }

    /// Where it was looked up.
    public var keyspace: Keyspace
    /// The tag of that name; nil if nothing is known of it.
    public var tag: TagValue?
    /// The entry under that key; nil if there is none.
    public var entry: EntryValue?

    public init(keyspace: Keyspace, tag: TagValue? = nil, entry: EntryValue? = nil) {
        self.keyspace = keyspace
        self.tag = tag
        self.entry = entry
    }
}
