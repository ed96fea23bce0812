import Testing

@testable import Service

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct `The cores that a control group may use` {
    /// With files below a root of its own.
    private func cores(_ files: [String: String]) throws -> Int? {
        let root = FileManager.default.temporaryDirectory.appending(path: "larder-quota-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return CPUQuota.cores(root: root.path)
    }

    @Test(arguments: [
        ("200000 100000", 2), ("150000 100000", 2), ("50000 100000", 1), ("1000 100000", 1), ("100001 100000", 2),
        ("max 100000", nil), ("", nil), ("nonsense", nil), ("100000 0", nil), ("-1 100000", nil), ("1000000 50000", 20),
    ])
    func `are those of its time, rounded up, in version 2`(text: String, expected: Int?) throws {
        #expect(try cores(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": text + "\n"]) == expected)
    }

    @Test func `are no more than those of the groups around it`() throws {
        var files = [
            "proc/self/cgroup": "0::/system.slice/larder.service\n", "sys/fs/cgroup/system.slice/cpu.max": "300000 100000\n",
            "sys/fs/cgroup/system.slice/larder.service/cpu.max": "max 100000\n",
        ]
        #expect(try cores(files) == 3)
        files["sys/fs/cgroup/system.slice/larder.service/cpu.max"] = "100000 100000\n"
        #expect(try cores(files) == 1)
    }

    @Test func `are found in a container that is told of its host's path`() throws {
        let files = ["proc/self/cgroup": "0::/docker/0123abc\n", "sys/fs/cgroup/cpu.max": "400000 100000\n"]
        #expect(try cores(files) == 4)
    }

    @Test(arguments: [("150000", 2), ("100000", 1), ("-1", nil)])
    func `are those of its time in version 1`(quota: String, expected: Int?) throws {
        let files = [
            "proc/self/cgroup": "12:memory:/a\n4:cpu,cpuacct:/docker/abc\n0::/\n",
            "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "\(quota)\n", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ]
        #expect(try cores(files) == expected)
    }

    @Test func `are not limited where nothing says so`() throws {
        #expect(try cores([:]) == nil)
        #expect(try cores(["proc/self/cgroup": "0::/\n"]) == nil)
        #expect(try cores(["proc/self/cgroup": "no such thing\n::\n"]) == nil)
    }
}
