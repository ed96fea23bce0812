internal import Model

/// What `larder help` says.
enum Help {
    static let version = "0.1.0"

    static let overview = """
        Larder serves the rows of PostgreSQL by a REST API, through a Redis cache that is never stale.

        Usage: larder COMMAND

          serve                        serve the API; without DATABASE_URL and REDIS_URL from memory
          migrate COMMAND              bring the database's schema up to date, or back
          import RESOURCE FILE.csv     insert or replace rows from a CSV file
          seed                         make up rows of every resource
          cache COMMAND                look into the cache, fill it, or make it forget
          config                       show the effective configuration
          routes                       list the routes of the API
          openapi                      describe the API for programs
          version                      show the version
          help [COMMAND]               show this, or more on a command

        Settings are environment variables; larder help config lists them.
        Exit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 migrations pending.

        """

    static let commands = ["serve", "migrate", "import", "seed", "cache", "config", "routes", "openapi", "version", "help"]

    /// More on one command; nil if there is none of that name.
    static func topic(_ command: String, _ declarations: Declarations) -> String? {
        switch command {
        case "serve": serve
        case "migrate": migrate
        case "import": importing(declarations.resources + declarations.owned.map(\.rows.table))
        case "seed": seed
        case "cache": cache(declarations.resources)
        case "config": config(ServiceSettings.all + declarations.settings)
        case "routes": "larder routes\n\nLists the methods and paths of the API.\n"
        case "openapi": "larder openapi\n\nWrites the API's description (OpenAPI 3.1), which is served at /openapi.json.\n"
        case "version": "larder version\n\nShows the version.\n"
        case "help": overview
        default: nil
        }
    }

    private static let serve = """
        larder serve

        Serves the API on HTTP_HOST:HTTP_PORT (127.0.0.1:8080) and health, metrics and cache administration on
        ADMIN_HOST:ADMIN_PORT (127.0.0.1:8081), until SIGTERM or SIGINT.

        DATABASE_URL   PostgreSQL; unset: rows live in this process's memory and end with it
        REDIS_URL      the cache that all instances share; unset: a cache in this process

        """

    private static let migrate = """
        larder migrate up [--to VERSION] [--dry-run]     apply what is pending
            [--out-of-order]                             also what has a lower number than the last applied
            [--retry]                                    begin again what was interrupted
        larder migrate down [--steps N | --to VERSION]   take back the last one, N, or all after VERSION
        larder migrate redo                              take back the last one and apply it again
        larder migrate status [--json] [--exit-code]     what is applied; with --exit-code 3 if something is pending
        larder migrate create NAME                       make the next file
            [--resource RESOURCE]                        with the table of a declared resource
        larder migrate verify                            compare files with what was applied
        larder migrate baseline VERSION                  mark all up to VERSION as applied without running them
        larder migrate wait [--timeout SECONDS]          wait until the database accepts connections

        Files are NNNN_name.sql in MIGRATIONS_DIR (./Migrations), each with "-- migrate:up" and "-- migrate:down".
        The database is DATABASE_URL.

        """

    private static func importing(_ names: [String]) -> String {
        """
        larder import RESOURCE FILE.csv [--map column=field,...]

        Inserts the rows of a CSV file (RFC 4180, in UTF-8, with a header), or replaces those with the same id, and
        invalidates what they touch in the cache. Rows without a column for the id are given one. The file - is standard
        input. The resources:

        \(names.joined(separator: ", "))

        --map a=b renames a column, --map a=- drops it. Booleans are true, false, 1 or 0; an empty cell is null.
        A row that cannot be imported is reported with its line; the others are kept, and the exit status is 1.

        """
    }

    private static let seed = """
        larder seed [--size small|medium|large] [--replace]

        Fills an empty database with made-up rows of every resource, always the same: some 450 (small, the default),
        20 thousand (medium) or 800 thousand (large).

        --replace   also when there are rows; those that have the sample's ids are replaced

        """

    private static func cache(_ names: [String]) -> String {
        """
        larder cache stats                what the cache server holds
        larder cache inspect TAG-OR-KEY   a tag's token or the writes announced on it, and an entry's size and life
        larder cache invalidate TAG...    make everything that depends on the tags be loaded anew
        larder cache warm [RESOURCE...]   load the rows of these resources or of all, each resource's count and first page
            [--limit N]                   only the N newest rows of each
        larder cache clear                make everything be loaded anew

        Tags: products (any product), products:7 (one), orders/customer_id=931 (one customer's orders). Resources:
        \(names.joined(separator: ", ")).
        The cache is REDIS_URL. Warming needs DATABASE_URL too, and the service may read and write meanwhile.

        """
    }

    private static func config(_ settings: [any AnySetting]) -> String {
        """
        larder config

        Shows each setting with its effective value, secrets redacted; or all that is wrong, with exit status 2.
        The settings are environment variables, in parentheses their defaults:

        \(settings.map { "\($0.name) (\($0.defaultText))\n    \($0.summary)" }.joined(separator: "\n"))

        """
    }
}
