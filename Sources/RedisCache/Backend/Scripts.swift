/// The scripts that change the states of tags. A script runs in Redis without interruption, so each is atomic.
///
/// A key of another type, or with a value that is none of a tag's state, was not made by us. It says nothing of the tag.
enum Scripts {
    /// Puts a placeholder where nothing is known.
    ///
    /// Arguments: its lifetime in milliseconds; for each key the placeholder. Returns the values of all keys after that.
    static let place = """
        #!lua
        local result = {}
        for i, key in ipairs(KEYS) do
            local value = redis.pcall('GET', key)
            if type(value) ~= 'string' or not (string.match(value, '^%x+@%d+$') or string.match(value, '^%?%x+$') or string.match(value, '^!%x+@%d*;[%d<,]+$')) then
                value = ARGV[i + 1]
                redis.call('SET', key, value, 'PX', ARGV[1])
            end
            result[i] = value
        end
        return result
        """

    /// Adds a writer to the marks of the keys; beyond so many, a mark says "all up to".
    ///
    /// It may exceed the memory limit: a writer that cannot announce itself would have to close the cache.
    ///
    /// Arguments: the writer's transaction; the lifetime of the marks in milliseconds; how many are listed; for each key the origin of
    /// its mark, if nothing is known there.
    static let announce = """
        #!lua flags=allow-oom
        local id = tonumber(ARGV[1])
        for i, key in ipairs(KEYS) do
            local value = redis.pcall('GET', key)
            if type(value) ~= 'string' then value = '' end
            local origin, stamp, writers = string.match(value, '^!(%x+)@(%d*);(.*)$')
            if not origin then
                origin, stamp = string.match(value, '^(%x+)@(%d+)$')
                origin = origin or string.match(value, '^%?(%x+)$') or ARGV[3 + i]
                stamp, writers = stamp or '', ''
            end
            local count, last, known = 0, id, false
            for writer in string.gmatch(writers, '%d+') do
                count = count + 1
                if writer == ARGV[1] then known = true end
                if tonumber(writer) > last then last = tonumber(writer) end
            end
            if string.sub(writers, 1, 1) == '<' or not known and count >= tonumber(ARGV[3]) then
                writers = '<' .. string.format('%.0f', last)
            elseif count == 0 then
                writers = ARGV[1]
            elseif not known then
                writers = writers .. ',' .. ARGV[1]
            end
            redis.call('SET', key, '!' .. origin .. '@' .. stamp .. ';' .. writers, 'PX', ARGV[2])
        end
        return redis.status_reply('OK')
        """

    /// Changes the values of keys that are still as they were looked at, and stores an entry if all of them are.
    ///
    /// Keys: those of the tags; that of the entry, if there is one. Arguments: the lifetime of the tags in milliseconds; the
    /// entry and its lifetime, which may be nothing; for each tag its value as it was and as it is to be.
    static let fill = """
        #!lua
        local changes = (#ARGV - 3) / 2
        local kept = true
        for i = 1, changes do
            if redis.pcall('GET', KEYS[i]) == ARGV[2 + 2 * i] then
                redis.call('SET', KEYS[i], ARGV[3 + 2 * i], 'PX', ARGV[1])
            else
                kept = false
            end
        end
        if kept and #KEYS > changes then redis.call('SET', KEYS[#KEYS], ARGV[2], 'PX', ARGV[3]) end
        return redis.status_reply('OK')
        """

    /// Gives a tag on which a writer is alone, after his commit, a new token, and stores an entry.
    ///
    /// Keys: the tag's; the entry's. Arguments: the writer's transaction; the token; the lifetime of the tag in milliseconds; the
    /// entry; its lifetime.
    static let writeThrough = """
        #!lua
        local value = redis.pcall('GET', KEYS[1])
        if type(value) ~= 'string' then value = '' end
        local stamp, writer = string.match(value, '^!%x+@(%d+);(%d+)$')
        if writer == ARGV[1] then
            local next = math.max(tonumber(writer) + 1, tonumber(stamp))
            redis.call('SET', KEYS[1], ARGV[2] .. '@' .. string.format('%.0f', next), 'PX', ARGV[3])
            redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[5])
        end
        return redis.status_reply('OK')
        """

    /// Shows that scripts are run, and that the server takes writes.
    ///
    /// Key: one that nothing is under.
    static let probe = """
        #!lua flags=allow-oom
        redis.call('SET', KEYS[1], '1', 'PX', 1000)
        redis.call('UNLINK', KEYS[1])
        return redis.status_reply('OK')
        """
}

/// The names by which the server knows our scripts.
struct LoadedScripts: Equatable {
    /// What is loaded, in the order of their names in ``init(names:)``.
    static let sources = [Scripts.place, Scripts.announce, Scripts.fill, Scripts.writeThrough]

    var place: Script
    var announce: Script
    var fill: Script
    var writeThrough: Script

    /// - Parameter names: what `SCRIPT LOAD` answered; nil if there are others than sources.
    init?(names: [String]) {
        guard names.count == Self.sources.count else { return nil }
        let scripts = zip(Self.sources, names).map { Script(source: $0, name: $1) }
        (place, announce, fill, writeThrough) = (scripts[0], scripts[1], scripts[2], scripts[3])
    }
}

/// A script and the name by which the server knows it.
struct Script: Equatable {
    var source: String
    var name: String

    /// A call by name; or with the source, after which the server knows the name again.
    func call(byName: Bool = true, _ keys: [RedisArgument], _ arguments: [RedisArgument]) -> [RedisArgument] {
        [byName ? "EVALSHA" : "EVAL", .text(byName ? name : source), .number(keys.count)] + keys + arguments
    }
}
