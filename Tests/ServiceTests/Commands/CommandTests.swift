import Model
import TestDomain
import Testing

@testable import Service

@Suite struct `The command line` {
    /// What a command line asks for, in words; or the error, after an exclamation mark.
    private func read(_ line: String...) -> String {
        do throws(UsageError) {
            return switch try Command(line, testDeclarations) {
            case .serve: "serve"
            case .migrate(let arguments): "migrate \(arguments)"
            case .importRows(let request):
                "import \(request.resource) from \(request.file)"
                    + request.map.sorted { $0.key < $1.key }.map { " \($0)=\($1 ?? "nothing")" }.joined()
            case .seed(let request): "seed \(request.size)\(request.replaces ? " replacing" : "")"
            case .cache(.stats): "stats"
            case .cache(.clear): "clear"
            case .cache(.inspect(let name)): "inspect \(name)"
            case .cache(.invalidate(let tags)): "invalidate \(tags.map(\.name))"
            case .warm(let request): "warm \(request.resources)\(request.limit.map { " up to \($0)" } ?? "")"
            case .config: "config"
            case .routes: "routes"
            case .openapi: "openapi"
            case .version: "version"
            case .help(let topic): "help \(topic ?? "overview")"
            }
        } catch {
            return "! \(error.message)"
        }
    }

    @Test(arguments: ["serve", "config", "routes", "openapi", "version"])
    func `has commands that stand alone`(name: String) {
        #expect(read(name) == name)
        #expect(read(name, "x") == "! larder \(name) takes no arguments, but \"x\" was given.")
        #expect(read(name, "--verbose") == "! larder \(name) takes no arguments, but \"--verbose\" was given.")
    }

    @Test func `can ask for samples`() {
        #expect(read("seed") == "seed small")
        #expect(read("seed", "--replace", "--size", "large") == "seed large replacing")
        for arguments in [["--size"], ["--size", "huge"]] {
            #expect(throws: UsageError.self) { try Command(["seed"] + arguments, testDeclarations) }
        }
        #expect(read("seed", "crates") == "! larder seed does not know \"crates\".")
    }

    @Test func `has to name a command`() {
        #expect(read() == "! Say what to do: larder help lists the commands.")
        for name in ["", "-v", "run", "--serve", "help yourself"] {
            #expect(read(name) == "! There is no command \"\(name)\": larder help lists the commands.")
        }
    }

    @Test(arguments: [("imprt", "import"), ("sevre", "serve"), ("SERVE", "serve"), ("migrations", nil)])
    func `that is misspelled hears which command is near`(name: String, near: String?) {
        let hint = near.map { "; perhaps \($0) is meant" } ?? ""
        #expect(read(name) == "! There is no command \"\(name)\"\(hint): larder help lists the commands.")
        #expect(read("help", name) == "! There is no command \"\(name)\"\(hint): larder help lists the commands.")
    }

    @Test func `that is misspelled hears which option is near`() {
        #expect(read("import", "--mpa") == "! larder import has no option \"--mpa\"; perhaps --map is meant.")
        #expect(read("seed", "--siz") == "! larder seed does not know \"--siz\"; perhaps --size is meant.")
        #expect(read("cache", "warm", "--limits") == "! larder cache warm has no option \"--limits\"; perhaps --limit is meant.")
        #expect(read("cache", "invalidat", "x") == "! larder cache does not know \"invalidat\"; perhaps invalidate is meant.")
        #expect(read("cache", "STATS") == "! larder cache does not know \"STATS\"; perhaps stats is meant.")
    }

    @Test(arguments: [
        ("crate:7", "there is no resource crate; perhaps crates is meant"),
        ("crates/depot=7", "crates are not parted by depot; perhaps depot_id is meant"),
        ("crates:seven", "the id of crates is a whole number between -9223372036854775808 and 9223372036854775807"),
        ("shipments/carrier_id", "carrier_id is a whole number between -9223372036854775808 and 9223372036854775807"),
        ("reports:7", "the id of reports is a UUID such as 0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f"),
        ("depots/name=x", "depots are not parted by name; there is none"),
        ("crates/", "crates are not parted by nothing; it is one of depot_id, inside_id"),
    ])
    func `does not invalidate what nothing depends on`(tag: String, reason: String) {
        #expect(read("cache", "invalidate", "crates", tag) == "! \"\(tag)\" is no tag: \(reason).")
    }

    @Test func `asks for help in several ways`() {
        for word in ["help", "--help", "-h"] { #expect(read(word) == "help overview") }
        #expect(read("help", "import") == "help import")
        #expect(read("import", "--help") == "help import")
        #expect(read("import", "crates", "-h") == "help import")
        #expect(read("cache", "clear", "--help") == "help cache")
        #expect(read("help", "help") == "help help")
    }

    @Test func `asks for help on what there is`() {
        #expect(read("help", "yourself") == "! There is no command \"yourself\": larder help lists the commands.")
        #expect(read("help", "import", "cache") == "! larder help takes one command at most.")
    }

    @Test(arguments: ["--help", "-h"])
    func `does not ask for help on what there is not`(option: String) {
        #expect(read("cook", option) == "! There is no command \"cook\": larder help lists the commands.")
    }

    @Test func `asks for the version in two ways`() {
        #expect(read("--version") == "version")
    }

    @Test func `hands a migration's arguments on`() {
        #expect(read("migrate") == "migrate []")
        #expect(read("migrate", "up", "--to", "0002") == #"migrate ["up", "--to", "0002"]"#)
    }

    @Test func `imports a resource from a file`() {
        #expect(read("import", "crates", "p.csv") == "import crates from p.csv")
        #expect(read("import", "crates", "-") == "import crates from -")
    }

    @Test func `imports by a map of columns`() {
        #expect(
            read("import", "crates", "p.csv", "--map", "prod_id=id,sales=sold,x=-")
                == "import crates from p.csv prod_id=id sales=sold x=nothing")
        #expect(read("import", "--map", "a=b", "crates", "p.csv") == "import crates from p.csv a=b")
        #expect(read("import", "crates", "--map", "a=b", "p.csv", "--map", "c=d") == "import crates from p.csv a=b c=d")
        #expect(
            read("import", "crates", "p.csv", "--map", "first name=first_name")
                == "import crates from p.csv first name=first_name")
        #expect(read("import", "crates", "-", "--map", "=-") == "import crates from - =nothing", "a column without a name")
    }

    @Test func `imports nothing without resource and file`() {
        let expected = "! larder import expects a resource and a file, as in larder import products products.csv."
        #expect(read("import") == expected)
        #expect(read("import", "crates") == expected)
        #expect(read("import", "crates", "a.csv", "b.csv") == expected)
        #expect(read("import", "--map", "a=b", "p.csv") == expected)
    }

    @Test func `has one option for imports`() {
        #expect(read("import", "crates", "p.csv", "--batch", "5") == "! larder import has no option \"--batch\".")
        #expect(read("import", "crates", "p.csv", "--map=a=b") == "! larder import has no option \"--map=a=b\".")
        #expect(
            read("import", "crates", "p.csv", "--map")
                == "! --map expects column=field pairs, as in --map prod_id=id,sales=sold.")
    }

    @Test(arguments: ["a", "=", "a=", "a=b=c", "", ",", "a=b,", ",a=b", "a=b,c"])
    func `has pairs of a column and a field`(map: String) {
        let result = read("import", "crates", "p.csv", "--map", map)
        #expect(result.hasPrefix("! --map has \""), "\(result)")
        #expect(result.hasSuffix("expected is column=field, or column=- to drop a column."))
    }

    @Test(arguments: ["a=x,a=y", "a=x,b=y,a=x", "a=-,a=x", "a=-,a=-"])
    func `has one field for a column`(map: String) {
        #expect(read("import", "crates", "p.csv", "--map", map) == "! --map names the column \"a\" twice.")
        #expect(read("import", "crates", "p.csv", "--map", "a=x", "--map", "a=y") == "! --map names the column \"a\" twice.")
    }

    @Test func `looks into the cache, or makes it forget`() {
        #expect(read("cache", "stats") == "stats")
        #expect(read("cache", "clear") == "clear")
        #expect(read("cache", "inspect", "crates:7") == "inspect crates:7")
        #expect(read("cache", "invalidate", "crates") == #"invalidate ["crates"]"#)
        #expect(
            read("cache", "invalidate", "crates:7", "shipments/carrier_id=931")
                == #"invalidate ["crates:7", "shipments/carrier_id=931"]"#)
    }

    @Test(
        arguments: [
            [], ["x"], ["stats", "x"], ["clear", "x"], ["clear", "crates"], ["inspect"], ["inspect", "a", "b"], ["invalidate"],
        ] as [[String]])
    func `does nothing to the cache that it does not understand`(rest: [String]) {
        let error = #expect(throws: UsageError.self) { try Command(["cache"] + rest, testDeclarations) }
        let expected = "larder cache expects stats, inspect TAG-OR-KEY, invalidate TAG..., warm [RESOURCE...] or clear."
        #expect(error?.message == expected)
    }

    @Test func `warms the cache with all resources, or with those that it names`() {
        #expect(read("cache", "warm") == "warm []")
        #expect(read("cache", "warm", "shipments", "crates") == #"warm ["shipments", "crates"]"#)
        #expect(read("cache", "warm", "--limit", "50") == "warm [] up to 50")
        #expect(read("cache", "warm", "shipments", "--limit", "1", "crates") == #"warm ["shipments", "crates"] up to 1"#)
        #expect(read("cache", "warm", "--all") == "! larder cache warm has no option \"--all\".")
    }

    @Test(arguments: [[], ["0"], ["-1"], ["many"], ["1.5"], ["shipments"]])
    func `warms a number of rows`(limit: [String]) {
        let error = #expect(throws: UsageError.self) { try Command(["cache", "warm", "--limit"] + limit, testDeclarations) }
        #expect(error?.message == "--limit expects how many rows of each resource are warmed at most, as in --limit 1000.")
    }
}
