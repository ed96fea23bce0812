/// The scripts that change marks. A script runs in Redis without interruption, so each is atomic for every tag.
///
/// The value of a tag's key is a version token of 16 hexadecimal digits, or a mark: `!`, then `~` if none of the
/// writers in it is alone, then the writers with their deadlines in the server's time, as in
/// `!~3f0c9a1be2d47788:1700000000000,9a…:1700000000500`. It expires with the last deadline.
///
/// A writer is alone on a tag if nobody else announced, was released or invalidated there between its announcement
/// and its release: the mark is then `!` and its own name and nothing more, from first to last. Whatever breaks that
/// leaves a `~` behind, or a writer in the list, even a dead one, for it may have committed before it died.
enum Scripts {
    /// The server's time, the content of a tag's key, and what of a mark is still alive at that time.
    ///
    /// A key of another type was not made by us. It has no content, and is replaced like one that has none.
    private static let common = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local function content(key)
            local value = redis.pcall('GET', key)
            return type(value) == 'string' and value
        end
        local function living(value, except)
            local writers, last = {}, 0
            if value and string.byte(value) == 33 then
                for writer, digits in string.gmatch(value, '(%x+):(%d+)') do
                    local deadline = tonumber(digits)
                    if writer ~= except and deadline > now then
                        writers[#writers + 1] = writer .. ':' .. digits
                        if deadline > last then last = deadline end
                    end
                end
            end
            return writers, last
        end

        """

    /// Puts a writer into the marks of the keys.
    ///
    /// Arguments: the writer; its lifetime in milliseconds; `~` if it is not alone whatever happens, else nothing.
    static let announce =
        common + """
            local deadline = now + ARGV[2]
            local announced = ARGV[1] .. ':' .. string.format('%.0f', deadline)
            for i, key in ipairs(KEYS) do
                local value = content(key)
                local writers, last = living(value, '')
                local shared = ARGV[3]
                if #writers > 0 then shared = '~' end
                writers[#writers + 1] = announced
                if deadline > last then last = deadline end
                redis.call('SET', key, '!' .. shared .. table.concat(writers, ','), 'PXAT', string.format('%.0f', last))
            end
            return redis.status_reply('OK')
            """

    /// Takes a writer out of the marks of the keys and gives each a new token, or none, unless other writers are there.
    ///
    /// Arguments: the writer, or `-` for nobody (invalidation); the lifetime of the tokens in milliseconds; for each
    /// key its new token, or `-` to remove it. Returns for each key `1` if the writer was alone, else `0`.
    static let renew =
        common + """
            local result = {}
            for i, key in ipairs(KEYS) do
                local value = content(key)
                local writers, last = living(value, ARGV[1])
                local alone = '0'
                if #writers > 0 then
                    redis.call('SET', key, '!~' .. table.concat(writers, ','), 'PXAT', string.format('%.0f', last))
                elseif ARGV[i + 2] == '-' then
                    redis.call('UNLINK', key)
                else
                    if value and string.match(value, '^!(%x+):%d+$') == ARGV[1] then alone = '1' end
                    redis.call('SET', key, ARGV[i + 2], 'PX', ARGV[2])
                end
                result[i] = alone
            end
            return table.concat(result)
            """
}
