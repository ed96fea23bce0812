#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Starts programs that tests need.
enum Program {
    /// It could not be started, or ended with a status.
    struct Failure: Error {
        let command: [String]
        let status: Int32
    }

    /// Starts a program. It has none of the test's standard streams: one that held the test's output would keep whoever reads it
    /// waiting.
    ///
    /// - Parameter command: its name or path, and its arguments.
    static func start(_ command: [String]) throws(Failure) -> pid_t {
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t? = nil
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
        }
        var process = pid_t()
        let status = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
        guard status == 0 else { throw Failure(command: command, status: status) }
        return process
    }

    /// Runs a program to its end. It blocks.
    static func run(_ command: [String]) throws(Failure) {
        let outcome = wait(for: try start(command))
        guard outcome == 0 else { throw Failure(command: command, status: outcome) }
    }

    /// Waits for the end of a program. It blocks.
    ///
    /// - Returns: how it ended, as `waitpid` has it.
    @discardableResult
    static func wait(for process: pid_t) -> Int32 {
        var outcome: Int32 = 0
        while waitpid(process, &outcome, 0) < 0, errno == EINTR {}
        return outcome
    }

    static func signal(_ process: pid_t, _ number: Int32) { kill(process, number) }

    /// Makes a new folder.
    ///
    /// - Parameter name: what its name begins with.
    static func makeFolder(_ name: String) throws(Failure) -> String {
        var template = Array("/tmp/\(name).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(command: ["mkdtemp"], status: errno) }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
