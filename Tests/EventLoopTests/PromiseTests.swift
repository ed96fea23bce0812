import EventLoop
import Testing

@Suite struct `A promise` {
    let loop: Loop = {
        let loop = Loop()
        loop.start()
        return loop
    }()

    /// Runs `body` on the loop.
    private func onLoop<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await withCheckedContinuation { done in
            loop.submit { done.resume(returning: await body()) }
        }
    }

    @Test func `lets a task wait until it is given`() async {
        let seen = await onLoop { [loop] in
            let promise = Promise<Int>()
            var seen: [Int] = []
            loop.spawn { seen.append(await promise.wait()) }
            seen.append(0)
            promise.give(1)
            seen.append(2)
            await loop.sleep(milliseconds: 1)
            return seen
        }
        #expect(seen == [0, 2, 1], "who waits goes on when the giver is done")
    }

    @Test func `keeps the first value and gives it to those who come later, without a wait`() async {
        let (value, jobs) = await onLoop { [loop] in
            let promise = Promise<String>()
            promise.give("first")
            promise.give("second")
            let before = loop.statistics.jobs
            return (await promise.wait(), loop.statistics.jobs - before)
        }
        #expect(value == "first")
        #expect(jobs == 0)
    }

    @Test func `is given to all who wait for it`() async {
        let seen = await onLoop { [loop] in
            let promise = Promise<Void>()
            var seen: [Int] = []
            for number in 1...3 {
                loop.spawn {
                    await promise.wait()
                    seen.append(number)
                }
            }
            promise.give()
            await loop.sleep(milliseconds: 1)
            return seen
        }
        #expect(seen == [1, 2, 3])
    }
}

@Suite struct `Work on a loop for each of several` {
    let loop: Loop = {
        let loop = Loop()
        loop.start()
        return loop
    }()

    @Test(arguments: [0, 1, 3]) func `runs at the same time, and is waited for`(_ count: Int) async {
        let (most, done) = await withCheckedContinuation { result in
            loop.submit { [loop] in
                var running = 0
                var most = 0
                var done: [Int] = []
                await loop.concurrently(Array(0..<count)) { number in
                    running += 1
                    most = max(most, running)
                    await loop.sleep(milliseconds: 2)
                    running -= 1
                    done.append(number)
                }
                result.resume(returning: (most, done.sorted()))
            }
        }
        #expect(most == count)
        #expect(done == Array(0..<count))
    }
}
