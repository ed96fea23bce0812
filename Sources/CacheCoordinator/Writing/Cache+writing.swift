internal import Model

extension Cache {
    /// Puts the intent of a write on all the tags that it touches. A cache that cannot be reached does not stop it: the
    /// backend then remembers the tags, whatever comes of the write.
    ///
    /// - Returns: what is to be released after the transaction's end; nil if there is nothing.
    func announce(_ touched: Set<Tag>) async -> Announcement? {
        let tags = Array(touched)
        counters.announcements += 1
        do throws(CacheUnavailable) {
            return try await backend.announce(tags, lifetime: policy.intentLifetime)
        } catch {
            counters.unannounced += 1
            backend.settleLater(tags, lifetime: policy.intentLifetime)
            return nil
        }
    }

    /// After the transaction's end: removes the intent and renews the tokens.
    ///
    /// A failure changes nothing for the client. An intent that stays expires, and until then its tags are not cached.
    func release(_ announcement: Announcement) async {
        _ = try? await backend.release(announcement)
    }
}
