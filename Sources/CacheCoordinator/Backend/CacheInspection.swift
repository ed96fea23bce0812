/// What a backend holds under one name.
public struct CacheInspection: Sendable, Hashable {
    /// A tag's state.
    public struct TagValue: Sendable, Hashable {
        /// What a look would say of it.
        public var state: TagState
        /// The writers that are announced, if the state is an intent.
        public var writers: [Writer]
        /// Milliseconds until it is forgotten; nil if nobody forgets it.
        public var expiresIn: Int?

        public init(state: TagState, writers: [Writer], expiresIn: Int?) {
            self.state = state
            self.writers = writers
            self.expiresIn = expiresIn
        }
    }

    /// A writer that is announced on a tag.
    public struct Writer: Sendable, Hashable {
        /// What it is called in the marks.
        public var name: VersionToken
        /// Milliseconds until its mark counts no more.
        public var expiresIn: Int

        public init(name: VersionToken, expiresIn: Int) {
            self.name = name
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
