/// How much of the machine's cores the control group of this process may use. Containers are limited by it: they see all cores,
/// but are stopped for the rest of each tenth of a second in which they have used up their time.
enum CPUQuota {
    /// The cores that the time amounts to, rounded up; nil if it is not limited, or if there are no control groups.
    ///
    /// - Parameter root: where `/proc` and `/sys` are.
    static func cores(root: String = "") -> Int? {
        let groups = text("\(root)/proc/self/cgroup") ?? ""
        let limits = groups.split(separator: "\n").flatMap { line -> [Int] in
            // `hierarchy:controllers:path`; version 2 has one hierarchy, 0, which names no controllers.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            if parts[0] == "0" { return chain(parts[2]).compactMap { version2("\(root)/sys/fs/cgroup\($0)") } }
            guard parts[1].split(separator: ",").contains("cpu") else { return [] }
            return chain(parts[2]).compactMap { version1("\(root)/sys/fs/cgroup/\(parts[1])\($0)") }
        }
        return limits.min()
    }

    /// A group and all it is in, each of which may be limited. In a container the path may be that of the host, which is not
    /// there; the root is what the container sees of itself.
    private static func chain(_ path: Substring) -> [String] {
        var names = path.split(separator: "/")
        var chain = [""]
        while !names.isEmpty {
            chain.append("/" + names.joined(separator: "/"))
            names.removeLast()
        }
        return chain
    }

    /// `cpu.max`: `QUOTA PERIOD`, where the quota may be `max`.
    private static func version2(_ folder: String) -> Int? {
        let parts = text("\(folder)/cpu.max")?.split(whereSeparator: \.isWhitespace) ?? []
        guard parts.count == 2 else { return nil }
        return cores(Int(parts[0]), Int(parts[1]))
    }

    /// `cpu.cfs_quota_us`, where -1 is no limit, and `cpu.cfs_period_us`.
    private static func version1(_ folder: String) -> Int? {
        cores(number("\(folder)/cpu.cfs_quota_us"), number("\(folder)/cpu.cfs_period_us"))
    }

    private static func cores(_ quota: Int?, _ period: Int?) -> Int? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return (quota - 1) / period + 1
    }

    private static func number(_ path: String) -> Int? {
        text(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }

    private static func text(_ path: String) -> String? {
        (try? InputFile(path).read()).map { String(decoding: $0, as: UTF8.self) }
    }
}
