public import Model
internal import Synchronization

/// The tags of a service that runs as one process without a cache server. All its workers share it.
///
/// Entries stay with the worker that filled them. Several instances over one database need a real backend.
public final class ProcessTags: Sendable {
    /// How many tags are remembered. Beyond it all tokens are forgotten, so that everything is loaded anew.
    private static let limit = 1_000_000

    private struct Record {
        var token: VersionToken?
        /// The writers that may commit, each with its deadline.
        var intents: [VersionToken: UInt64] = [:]
        /// The writer that was announced alone, as long as nobody else was announced, released or invalidated since.
        var alone: VersionToken?

        mutating func dropDead(at now: UInt64) {
            if !intents.isEmpty { intents = intents.filter { $0.value > now } }
        }
    }

    private let records = Mutex<[Tag: Record]>([:])

    public init() {}

    func states(of tags: [Tag], at now: UInt64, create: Bool) -> [TagState] {
        records.withLock { records in
            if create, records.count > Self.limit { records = records.filter { !$0.value.intents.isEmpty } }
            return tags.map { tag in
                var record = records[tag] ?? Record()
                record.dropDead(at: now)
                guard record.intents.isEmpty else { return .intent }
                if record.token == nil, create {
                    record.token = .random()
                    records[tag] = record
                }
                return record.token.map(TagState.version) ?? .absent
            }
        }
    }

    /// How many tags are known, and on how many of them a writer is announced.
    func count(at now: UInt64) -> (known: Int, marked: Int) {
        records.withLock { records in
            let marked = records.values.count { $0.intents.values.contains { $0 > now } }
            return (records.values.count { $0.token != nil } + marked, marked)
        }
    }

    /// What is known of one; nil if nothing is.
    func inspect(_ tag: Tag, at now: UInt64) -> CacheInspection.TagValue? {
        records.withLock { records in
            guard var record = records[tag] else { return nil }
            record.dropDead(at: now)
            if let token = record.token { return .init(state: .version(token), writers: [], expiresIn: nil) }
            let writers = record.intents.map { CacheInspection.Writer(name: $0, expiresIn: Int($1 - now)) }
            guard let last = writers.map(\.expiresIn).max() else { return nil }
            return .init(state: .intent, writers: writers, expiresIn: last)
        }
    }

    /// Forgets all tokens. Intents stay, but nobody is alone any more.
    func forgetTokens() {
        records.withLock { records in
            records = records.filter { !$0.value.intents.isEmpty }.mapValues { Record(intents: $0.intents) }
        }
    }

    func announce(_ tags: [Tag], by writer: VersionToken, at now: UInt64, until deadline: UInt64) {
        records.withLock { records in
            for tag in tags {
                records[tag, default: Record()].dropDead(at: now)
                let isAlone = records[tag]!.intents.isEmpty
                records[tag]!.intents[writer] = deadline
                records[tag]!.token = nil
                records[tag]!.alone = isAlone ? writer : nil
            }
        }
    }

    /// - Returns: for each tag its new token if the writer was alone on it from its announcement to now; else nil.
    func release(_ tags: [Tag], by writer: VersionToken, at now: UInt64) -> [VersionToken?] {
        records.withLock { records in
            tags.map { tag in
                records[tag, default: Record()].dropDead(at: now)
                let wasAnnounced = records[tag]!.intents.removeValue(forKey: writer) != nil
                let wasAlone = wasAnnounced && records[tag]!.alone == writer
                records[tag]!.alone = nil
                guard records[tag]!.intents.isEmpty else { return nil }
                let token = VersionToken.random()
                records[tag]!.token = token
                return wasAlone ? token : nil
            }
        }
    }
}

/// A worker's way to the ``ProcessTags``.
public final class ProcessBackend: CacheBackend {
    public let keyspace: Keyspace? = Keyspace("process")
    let tags: ProcessTags
    /// Milliseconds of a clock that all workers share.
    let now: () -> UInt64

    public init(_ tags: ProcessTags, now: @escaping () -> UInt64) {
        self.tags = tags
        self.now = now
    }

    public func look(at tags: [Tag], entry key: String?) async throws(CacheUnavailable) -> CacheLook {
        CacheLook(keyspace: keyspace!, tags: self.tags.states(of: tags, at: now(), create: false), entry: nil)
    }

    public func createTokens(for tags: [Tag]) async throws(CacheUnavailable) -> CacheLook {
        CacheLook(keyspace: keyspace!, tags: self.tags.states(of: tags, at: now(), create: true), entry: nil)
    }

    public func store(_ entry: [UInt8], under key: String, lifetime milliseconds: Int, in keyspace: Keyspace) {}

    public func announce(_ tags: [Tag], lifetime milliseconds: Int) async throws(CacheUnavailable) -> Announcement {
        let writer = VersionToken.random()
        self.tags.announce(tags, by: writer, at: now(), until: now() + UInt64(milliseconds))
        return Announcement(keyspace: keyspace!, writer: writer, tags: tags)
    }

    public func release(_ announcement: Announcement) async throws(CacheUnavailable) -> [VersionToken?] {
        tags.release(announcement.tags, by: announcement.writer, at: now())
    }

    public func invalidate(_ tags: [Tag]) async throws(CacheUnavailable) {
        // A writer of its own that is released at once: other writers' intents stay, and none of them is alone.
        _ = try await release(try await announce(tags, lifetime: 1))
    }

    public func clear() async throws(CacheUnavailable) { tags.forgetTokens() }

    /// What is in the process can always be announced.
    public func settleLater(_ tags: [Tag], lifetime milliseconds: Int) {}
}
