internal import Domain

/// What became of the announcement of a write.
struct Announced {
    var tags: [Tag]
    /// Nil if the cache could not be reached.
    var announcement: Announcement?
}

extension Cache {
    /// Puts the intent of a write on all the tags that it touches. A cache that cannot be reached does not stop it.
    func announce(_ touched: Set<Tag>) async -> Announced {
        let tags = Array(touched)
        counters.announcements += 1
        do throws(CacheUnavailable) {
            return Announced(tags: tags, announcement: try await backend.announce(tags, lifetime: policy.intentLifetime))
        } catch {
            counters.unannounced += 1
            return Announced(tags: tags, announcement: nil)
        }
    }

    /// After the transaction's end: removes the intent and renews the tokens.
    ///
    /// A failure changes nothing for the client. An intent that stays expires, and until then its tags are not cached.
    func release(_ announced: Announced) async {
        do throws(CacheUnavailable) {
            if let announcement = announced.announcement {
                _ = try await backend.release(announcement)
            } else {
                try await backend.invalidate(announced.tags)
            }
        } catch {
            if announced.announcement == nil { backend.settleLater(announced.tags) }
        }
    }
}
