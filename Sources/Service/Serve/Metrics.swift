internal import API
internal import CacheCoordinator
internal import EventLoop
internal import HTTPServer
internal import Postgres
internal import RedisCache

/// The metrics of all workers together.
enum Metrics {
    /// - Parameter silent: how many workers do not answer, and so have no report.
    static func all(_ reports: [WorkerReport], silent: Int) -> [Metric] {
        requests(reports) + connections(reports) + loops(reports, silent) + cache(reports.compactMap(\.cache))
            + pool(reports.compactMap(\.pool)) + redis(reports.compactMap(\.redis))
    }

    private static func requests(_ reports: [WorkerReport]) -> [Metric] {
        var total = ServerStatistics()
        for report in reports { total.add(report.server) }
        var requests = Metric("larder_http_requests_total", .counter, "Requests answered, by route and status.")
        var seconds = Metric(
            "larder_http_request_duration_seconds", .histogram, "From the end of a request's head to its answer, by route.")
        func add(_ route: ServerStatistics.Route, _ method: String, _ pattern: String) {
            guard route.latency.count > 0 else { return }
            for (status, count) in route.statuses.sorted(by: { $0.key < $1.key }) {
                requests.add(count, ["method": method, "route": pattern, "status": "\(status)"])
            }
            let bounds = LatencyHistogram.bounds.map { "\(Double($0) / 1e9)" } + ["+Inf"]
            for (bound, count) in zip(bounds, route.latency.cumulative) {
                seconds.add(count, ["method": method, "route": pattern, "le": bound], suffix: "_bucket")
            }
            seconds.add(Double(route.latency.sum) / 1e9, ["method": method, "route": pattern], suffix: "_sum")
            seconds.add(route.latency.count, ["method": method, "route": pattern], suffix: "_count")
        }
        let routes = reports.first?.routes ?? []
        for (route, statistics) in zip(routes, total.routes) { add(statistics, route.method.name, route.pattern) }
        add(total.unrouted, "", "none")
        return [requests, seconds]
    }

    private static func connections(_ reports: [WorkerReport]) -> [Metric] {
        var total = ServerStatistics()
        for report in reports { total.add(report.server) }
        var timeouts = Metric("larder_http_timeouts_total", .counter, "Connections ended because their time was over.")
        for wait in ServerEvent.Wait.allCases { timeouts.add(total.timeouts[wait] ?? 0, ["waited_for": wait.rawValue]) }
        var held = Metric(
            "larder_http_held_bytes", .gauge,
            "Bytes held for clients within HTTP_BUFFER_MB, what is each connection's own left out.")
        var refusals = Metric("larder_http_buffer_refusals_total", .counter, "Requests refused since HTTP_BUFFER_MB were held.")
        var evictions = Metric("larder_http_evictions_total", .counter, "Clients that stalled and had to make room for others.")
        for kind in HeldKind.allCases {
            held.add(total.heldBytes[kind] ?? 0, ["held_for": kind.rawValue])
            refusals.add(total.refusals[kind] ?? 0, ["held_for": kind.rawValue])
            evictions.add(total.evictions[kind] ?? 0, ["held_for": kind.rawValue])
        }
        return [
            gauge("larder_http_connections", "Connections that are open.", total.openConnections),
            counter("larder_http_connections_accepted_total", "Connections accepted.", total.acceptedConnections),
            counter("larder_http_connections_refused_total", "Connections beyond the limit.", total.refusedConnections),
            counter("larder_http_received_bytes_total", "Bytes received.", total.bytesIn),
            counter("larder_http_sent_bytes_total", "Bytes sent.", total.bytesOut),
            counter("larder_http_parse_failures_total", "Requests that are not HTTP.", total.parseFailures),
            counter("larder_http_abandoned_total", "Answers whose client had gone away.", total.abandonedRequests),
            timeouts, held, refusals, evictions,
        ]
    }

    private static func loops(_ reports: [WorkerReport], _ silent: Int) -> [Metric] {
        [
            gauge("larder_workers", "Workers.", reports.count + silent),
            gauge("larder_workers_silent", "Those that do not answer, and are missing in all other counts.", silent),
            counter("larder_loop_turns_total", "Turns of the workers' loops.", reports.reduce(0) { $0 + $1.loop.turns }),
            counter("larder_loop_jobs_total", "Resumptions of tasks.", reports.reduce(0) { $0 + $1.loop.jobs }),
        ]
    }

    private static func cache(_ caches: [CacheStatistics]) -> [Metric] {
        guard !caches.isEmpty else { return [] }
        func sum(_ value: (CacheStatistics) -> Int) -> Int { caches.reduce(0) { $0 + value($1) } }
        var reads = Metric("larder_cache_reads_total", .counter, "Cached reads, by what became of them.")
        reads.add(sum(\.hits), ["outcome": "hit"])
        reads.add(sum(\.stored), ["outcome": "stored"])
        reads.add(sum(\.collapsed), ["outcome": "collapsed"])
        reads.add(sum(\.bypassed), ["outcome": "bypass"])
        reads.add(sum(\.requested), ["outcome": "request"])
        return [
            reads,
            counter("larder_cache_loads_total", "Times that the store was asked for a cached value.", sum(\.loads)),
            counter(
                "larder_cache_unusable_entries_total", "Entries of Redis that were damaged, another's or of another version.",
                sum(\.unusable)),
            counter("larder_cache_announcements_total", "Writes that were announced or should have been.", sum(\.announcements)),
            counter("larder_cache_unannounced_total", "Writes that could not be announced.", sum(\.unannounced)),
            gauge("larder_cache_memory_entries", "Entries in the workers' own memory.", sum(\.memoryEntries)),
            gauge("larder_cache_memory_bytes", "Bytes of them.", sum(\.memoryBytes)),
            counter("larder_cache_memory_evictions_total", "Entries that had to make room.", sum(\.memoryEvictions)),
        ]
    }

    private static func pool(_ pools: [PoolStatistics]) -> [Metric] {
        guard let first = pools.first else { return [] }
        let total = pools.dropFirst().reduce(first, +)
        return [
            gauge("larder_postgres_connections", "Connections to PostgreSQL.", total.open),
            gauge("larder_postgres_connections_idle", "Those that do nothing.", total.idle),
            gauge("larder_postgres_waiting", "Requests that wait for one.", total.waiting),
            counter("larder_postgres_connects_total", "Connections made.", total.opened),
            counter("larder_postgres_connect_failures_total", "Attempts to connect that failed.", total.connectFailures),
            counter("larder_postgres_refused_total", "Requests that got no connection.", total.refused),
            counter("larder_postgres_statements_total", "Statements sent.", total.statements),
            counter("larder_postgres_pipelines_total", "Pipelines sent.", total.pipelines),
            counter("larder_postgres_wait_seconds_total", "Time in line for a connection.", seconds(total.waitedMicroseconds)),
            counter(
                "larder_postgres_query_seconds_total", "Time from a pipeline to its answer.", seconds(total.queryMicroseconds)),
        ]
    }

    private static func redis(_ counters: [RedisCounters]) -> [Metric] {
        guard !counters.isEmpty else { return [] }
        func sum(_ value: (RedisCounters) -> Int) -> Int { counters.reduce(0) { $0 + value($1) } }
        let nanoseconds = counters.reduce(0) { $0 + $1.lookRoundTripNanoseconds }
        return [
            counter("larder_redis_commands_total", "Commands sent.", sum(\.commands)),
            counter("larder_redis_errors_total", "Errors that Redis answered with.", sum(\.errors)),
            counter("larder_redis_timeouts_total", "Commands that were not answered in time.", sum(\.timeouts)),
            counter("larder_redis_connects_total", "Connections made.", sum(\.connects)),
            counter("larder_redis_failures_total", "Attempts that failed and connections that broke.", sum(\.failures)),
            counter("larder_redis_looks_total", "Validations asked for.", sum(\.looks)),
            counter("larder_redis_look_commands_total", "MGET commands that carried them.", sum(\.lookCommands)),
            counter("larder_redis_look_round_trips_total", "Round trips that they waited for.", sum(\.lookRoundTrips)),
            counter("larder_redis_look_seconds_total", "Time of these round trips.", Double(nanoseconds) / 1e9),
            counter(
                "larder_redis_tags_replaced_total", "Tags whose key in Redis held what Larder never writes.",
                sum(\.tagsReplaced)),
            counter("larder_redis_sent_bytes_total", "Bytes sent.", sum(\.bytesWritten)),
            counter("larder_redis_received_bytes_total", "Bytes received.", sum(\.bytesRead)),
        ]
    }

    private static func seconds(_ microseconds: UInt64) -> Double { Double(microseconds) / 1e6 }

    private static func counter(_ name: String, _ help: String, _ value: some CustomStringConvertible) -> Metric {
        single(name, .counter, help, value)
    }

    private static func gauge(_ name: String, _ help: String, _ value: some CustomStringConvertible) -> Metric {
        single(name, .gauge, help, value)
    }

    private static func single(
        _ name: String, _ kind: Metric.Kind, _ help: String, _ value: some CustomStringConvertible
    ) -> Metric {
        var metric = Metric(name, kind, help)
        metric.add(value)
        return metric
    }
}
