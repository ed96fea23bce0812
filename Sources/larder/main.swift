internal import EventLoop

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

// Before anything else opens a descriptor: it would get the number of one that was handed over closed, and output would go there.
StandardDescriptors.open()
// A write to a client that has gone away is an error code, not the end of the process.
SignalWatcher.ignoreBrokenPipes()

let loop = EventLoop()
let arguments = Array(CommandLine.arguments.dropFirst())
loop.submit { [loop] in exit(await Larder(loop: loop).run(arguments)) }
loop.run()
