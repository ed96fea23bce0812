import EventLoop
import Testing

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A worker as the service has them: an actor whose executor is its loop, and the way in for other threads.
private actor Worker {
    let loop: Loop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }
    private let counter = Counter()

    init(_ loop: Loop) { self.loop = loop }

    func count() -> (value: Int, onLoop: Bool) {
        counter.value += 1
        return (counter.value, loop.isOnLoop)
    }
}

/// What belongs to a loop and may not leave it.
private final class Counter {
    var value = 0
}

@Suite struct `A loop as an executor` {
    let loop: Loop = {
        let loop = Loop()
        loop.start()
        return loop
    }()

    @Test func `runs a submitted task on its thread`() async {
        let onLoop = await withCheckedContinuation { continuation in
            loop.submit { [loop] in continuation.resume(returning: loop.isOnLoop) }
        }
        #expect(onLoop)
        #expect(!loop.isOnLoop)
    }

    @Test func `starts a spawned task inline and resumes it with one job`() async {
        let (jobs, ranInline, sawLoop) = await withCheckedContinuation { done in
            loop.submit { [loop] in
                let counter = Counter()
                var resume: UnsafeContinuation<Void, Never>?
                let before = loop.statistics.jobs
                loop.spawn {
                    counter.value = 1
                    await withUnsafeContinuation { resume = $0 }
                    counter.value = loop.isOnLoop ? 2 : -1
                }
                let ranInline = counter.value == 1
                resume!.resume()
                await loop.sleep(milliseconds: 5)
                // One job for the resumed task, one for this one after its sleep.
                done.resume(returning: (loop.statistics.jobs - before, ranInline, counter.value))
            }
        }
        #expect(ranInline)
        #expect(sawLoop == 2)
        #expect(jobs == 2)
    }

    @Test func `costs one job for each suspension of each task`() async {
        let jobs = await withCheckedContinuation { done in
            loop.submit { [loop] in
                let before = loop.statistics.jobs
                var waiting: [UnsafeContinuation<Void, Never>] = []
                for _ in 0..<100 {
                    loop.spawn { await withUnsafeContinuation { waiting.append($0) } }
                }
                for continuation in waiting { continuation.resume() }
                await loop.sleep(milliseconds: 5)
                done.resume(returning: loop.statistics.jobs - before)
            }
        }
        #expect(jobs == 101)
    }

    @Test func `runs the methods of an actor that names it as its executor`() async {
        let worker = Worker(loop)
        _ = await worker.count()
        #expect(await worker.count() == (2, true))
    }

    @Test func `calls what was gathered once, at the end of the turn, after the tasks`() async {
        final class Batch: TurnEndAction {
            var items: [Int] = []
            var flushed: [[Int]] = []
            func add(_ item: Int, _ loop: Loop) {
                if items.isEmpty { loop.atTurnEnd(self) }
                items.append(item)
            }
            func turnEnded() {
                flushed.append(items)
                items = []
            }
        }
        let flushed = await withCheckedContinuation { done in
            loop.submit { [loop] in
                let batch = Batch()
                batch.add(1, loop)
                loop.spawn { batch.add(2, loop) }
                await loop.sleep(milliseconds: 1)
                batch.add(3, loop)
                await loop.sleep(milliseconds: 1)
                done.resume(returning: batch.flushed)
            }
        }
        #expect(flushed == [[1, 2], [3]])
    }

    @Test func `goes on while blocking work is done elsewhere`() async throws {
        let (ticks, onLoop) = await withCheckedContinuation { done in
            loop.submit { [loop] in
                let counter = Counter()
                let timer = Timer(on: loop)
                timer.start(after: 1, repeating: true) { counter.value += 1 }
                let onLoop = try! await loop.offload { () -> Bool in
                    var t = timespec(tv_sec: 0, tv_nsec: 200_000_000)
                    nanosleep(&t, nil)
                    return loop.isOnLoop
                }
                timer.stop()
                done.resume(returning: (counter.value, onLoop))
            }
        }
        #expect(ticks > 2, "a loop that waited would have ticked once, at the end")
        #expect(!onLoop)
    }
}
