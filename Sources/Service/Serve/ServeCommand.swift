internal import API
internal import EventLoop
internal import HTTPServer

/// `larder serve`: workers that serve the API, and on the main loop the admin listener and the signals.
struct ServeCommand {
    let configuration: Configuration
    let loop: Loop

    /// Serves until the process is told to stop.
    ///
    /// - Returns: the exit status.
    func run() async -> Int32 {
        let log = configuration.log
        do {
            let configuration = try await configuration.withFittingPool(on: loop)
            let memory = SharedMemory(migrations: PostgresOperation.migrations(of: configuration))
            let address = try await resolve(configuration.http)
            try checkFree(address)
            let keeper = CacheKeeper(on: loop)
            await keeper.start(configuration, memory)
            var workers: [Worker] = []
            var bound = address
            for number in 1...configuration.workers {
                let worker = Worker(configuration, memory, keeper, number: number)
                bound = try await worker.start(on: bound)  // the first one settles the port
                workers.append(worker)
            }
            let operations = ServiceOperations(workers, keeper, on: loop)
            var adminLimits = ServerLimits()
            adminLimits.bufferBytes = 4 << 20
            let admin = Server(
                loop: loop, limits: adminLimits,
                handler: AdminAPI.listener(AdminAPI.router(operations, configuration.declarations), configuration.hosts.admin))
            let wanted = try await resolve(configuration.admin)
            try checkFree(wanted)
            let adminAddress = try admin.listen(on: wanted)

            if configuration.database == nil {
                log.warning("DATABASE_URL is not set: rows live in this process's memory and end with it")
            }
            log.info(
                "serving on http://\(bound)",
                ["admin": "http://\(adminAddress)", "workers": "\(workers.count)", "version": Help.version])
            loop.spawn { [first = workers[0]] in await first.warnOfTheDatabase() }

            let signal = try await nextSignal()
            log.info("stopping", ["signal": "\(signal)"])
            operations.beginStop()
            let haveStopped = await stop(workers)
            await admin.stop(within: 1_000)
            await keeper.stop()
            log.info("stopped")
            return haveStopped ? 0 : 1
        } catch let failure as ListenFailure {
            log.error("cannot listen on \(failure.address): \(failure.reason)")
            return 1
        } catch {
            log.error("cannot serve: \(error)")
            return 1
        }
    }

    private struct ListenFailure: Error {
        let address: String
        let reason: String
    }

    private func resolve(_ address: Configuration.Address) async throws -> SocketAddress {
        guard let found = try? await loop.resolve(address.host, port: address.port).first else {
            throw ListenFailure(address: "\(address.host):\(address.port)", reason: "the name is not known")
        }
        return found
    }

    /// The workers share a port, so the kernel would let them share it with another service of the same user too.
    private func checkFree(_ address: SocketAddress) throws(ListenFailure) {
        do throws(LoopError) {
            try Listener(address, on: loop, backlog: 1, sharesPort: false) { $0.close() }.close()
        } catch {
            throw ListenFailure(address: "\(address)", reason: "\(error)")
        }
    }

    /// All workers at the same time, so that the longest stop is that of one. One that hangs is not waited for.
    ///
    /// - Returns: whether all have stopped.
    private func stop(_ workers: [Worker]) async -> Bool {
        var running = Set(workers.indices)
        let timer = Timer(on: loop)
        let end = Promise<Void>()
        timer.start(after: stopMilliseconds) { end.give() }
        for (index, worker) in workers.enumerated() {
            loop.spawn {
                await worker.stop(within: configuration.shutdownMilliseconds)
                running.remove(index)
                if running.isEmpty { end.give() }
            }
        }
        await end.wait()
        timer.stop()
        for index in running.sorted() { configuration.log.error("worker \(index + 1) does not answer and is not waited for") }
        return running.isEmpty
    }

    /// How long the stop of a worker takes that does not hang: its requests, what Redis has to be told, its connections, and a second.
    private var stopMilliseconds: UInt64 {
        configuration.shutdownMilliseconds + 2_000
    }

    private func nextSignal() async throws -> SignalWatcher.Signal {
        let received = Promise<SignalWatcher.Signal>()
        let watchers = try [SignalWatcher.Signal.terminate, .interrupt].map { signal in
            try SignalWatcher(signal, on: loop) { received.give(signal) }
        }
        defer { withExtendedLifetime(watchers) {} }
        return await received.wait()
    }
}
