// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    // An `async` function runs where its caller runs: on the worker's loop, with no hop, and it may take
    // what belongs to the worker. Every target needs it; one without it would bounce through the global pool.
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    // `any` marks each place where a call is dispatched through an existential.
    .enableUpcomingFeature("ExistentialAny"),
    // The import list is the statement of layers: what an interface needs is a `public import`, all else stays inside.
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A target of ours.
func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

let package = Package(
    name: "larder",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "larder", targets: ["larder"]),
        .library(name: "LarderTesting", targets: ["LarderTesting"]),
    ],
    targets: [
        // The system's libraries.
        .systemLibrary(
            name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]),
        .systemLibrary(name: "CLibUV", providers: [.apt(["libuv1-dev"]), .brew(["libuv"])]),
        .systemLibrary(name: "CLibCrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

        // What knows no other target.
        target("Metrics"),
        target("EventLoop", ["Metrics", "CLibUV"]),
        target("Bytes", ["CLibCrypto", "CZlib"]),
        target("Model", ["Bytes"]),

        // Stores, caches, protocols.
        target("MemoryStore", ["Bytes", "Model"]),
        target("Postgres", ["Bytes", "EventLoop", "Metrics", "CLibPQ"]),
        target("PostgresStore", ["Bytes", "CacheCoordinator", "EventLoop", "Model", "Postgres"]),
        target("Migrator", ["Postgres", "EventLoop", "Bytes"]),
        target("CacheCoordinator", ["Bytes", "EventLoop", "Metrics", "Model"]),
        target("RedisCache", ["Bytes", "CacheCoordinator", "EventLoop", "Metrics", "CHiredis"]),
        target("HTTPServer", ["Bytes", "EventLoop", "Metrics"]),

        // The service.
        target("API", ["Bytes", "HTTPServer", "Metrics", "Model"]),
        target(
            "Service",
            [
                "API", "CacheCoordinator", "EventLoop", "HTTPServer", "MemoryStore", "Metrics", "Migrator", "Model", "Postgres",
                "PostgresStore", "RedisCache",
            ]),

        // For the tests of a team's domain, and for Larder's own.
        target(
            "LarderTesting",
            [
                "CacheCoordinator", "EventLoop", "HTTPServer", "MemoryStore", "Migrator", "Model", "Postgres", "PostgresStore",
                "RedisCache",
            ]),

        // The team's: its domain, and the program.
        target("Domain", ["Model"]),
        .executableTarget(
            name: "larder", dependencies: ["Domain", "Model", "PostgresStore", "Service"], swiftSettings: settings),

        // A domain of no meaning, for the tests of what is not the team's.
        .target(name: "TestDomain", dependencies: ["Model"], path: "Tests/TestDomain", swiftSettings: settings),
        tests("LarderTesting", ["EventLoop", "LarderTesting", "MemoryStore", "Model", "TestDomain"]),
        tests("Metrics", ["Metrics"]),
        tests("EventLoop", ["EventLoop"]),
        tests("Bytes", ["Bytes", "CZlib"]),
        tests("Model", ["Model"]),
        tests(
            "Domain",
            ["Domain", "EventLoop", "LarderTesting", "MemoryStore", "Model", "Postgres", "PostgresStore", "larder"]),
        // What has to hold of a domain, whatever that is: it names nothing of it.
        tests("DomainContract", ["Domain", "EventLoop", "LarderTesting", "Model", "Postgres", "PostgresStore", "larder"]),
        tests("HTTPServer", ["EventLoop", "HTTPServer", "LarderTesting", "Metrics"]),
        tests("Postgres", ["CLibPQ", "EventLoop", "LarderTesting", "Postgres"]),
        tests("PostgresStore", ["LarderTesting", "Model", "Postgres", "PostgresStore", "TestDomain"]),
        tests("RedisCache", ["CacheCoordinator", "EventLoop", "LarderTesting", "Model", "RedisCache"]),
        tests("CacheCoordinator", ["Bytes", "CacheCoordinator", "EventLoop", "LarderTesting", "Model"]),
        tests("Migrator", ["Bytes", "EventLoop", "LarderTesting", "Migrator", "Postgres", "PostgresStore"]),
        tests("API", ["API", "Domain", "EventLoop", "HTTPServer", "LarderTesting", "MemoryStore", "Metrics", "Model"]),
        tests("Service", ["API", "Domain", "EventLoop", "LarderTesting", "Model", "Postgres", "Service", "TestDomain"]),
        // One suite over every store, from the entities' declarations.
        tests(
            "StoreContract",
            ["CacheCoordinator", "EventLoop", "LarderTesting", "MemoryStore", "Model", "Postgres", "PostgresStore", "TestDomain"]),
    ]
)
