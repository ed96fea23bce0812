import LarderTesting
import Testing

@testable import API

@Suite struct `The hosts that are ours` {
    private func contain(_ hosts: Hosts, _ host: String) -> Bool { hosts.contain(Array(host.utf8).span) }

    @Test(arguments: [
        "localhost", "LOCALHOST", "localhost.", "localhost:8080", "127.0.0.1", "127.0.0.1:1", "127.1.2.3", "[::1]", "[::1]:8080",
        "[0:0:0:0:0:0:0:1]", "[0::1]:80", "shop.localhost", "a.b.localhost:99", "localhost:",
    ])
    func `are on loopback its names, with whatever port`(host: String) {
        #expect(contain(.loopback, host))
    }

    @Test(arguments: [
        "evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "notlocalhost", "127.0.0.256", "128.0.0.1", "10.0.0.1",
        "[::2]",
        "[::ffff:127.0.0.1]", "0.0.0.0", "localhost%00", "127.1", ".localhost.evil", "local\u{212A}host",
    ])
    func `are on loopback no others, however they begin or end`(host: String) {
        #expect(!contain(.loopback, host))
    }

    @Test func `are those that are listed, with the port that is listed, or with any`() throws {
        let hosts = try #require(Hosts("api.example.org, shop.example.org:8443,[2001:db8::1],2001:DB8:0::2"))
        for host in [
            "api.example.org", "API.Example.Org:1234", "api.example.org.", "shop.example.org:8443", "[2001:db8::1]:80",
            "[2001:0db8:0:0::1]", "[2001:db8::2]",
        ] {
            #expect(contain(hosts, host), "\(host)")
        }
        for host in [
            "shop.example.org", "shop.example.org:443", "example.org", "x.api.example.org", "api.example.org.evil", "localhost",
            "127.0.0.1", "[2001:db8::3]",
        ] {
            #expect(!contain(hosts, host), "\(host)")
        }
    }

    @Test func `may be asked without the port that their scheme has anyway`() throws {
        let hosts = try #require(Hosts("a.example:443,b.example:80,c.example:8443"))
        #expect(["a.example", "a.example:443", "b.example", "b.example:80"].allSatisfy { contain(hosts, $0) })
        #expect(["a.example:80", "b.example:443", "c.example", "c.example:443"].allSatisfy { !contain(hosts, $0) })
    }

    @Test(arguments: ["evil.example", "[::9]", "localhost"])
    func `are all, if it is said so`(host: String) throws {
        #expect(contain(.any, host))
        #expect(contain(try #require(Hosts("*")), host))
    }

    @Test func `are asked by nobody who names none, as HTTP before 1.1 may`() {
        #expect(contain(.loopback, ""))
    }

    @Test func `can be those of two lists`() throws {
        let hosts = try #require(Hosts("a.example")).union(.loopback).union(try #require(Hosts("b.example,a.example")))
        #expect(hosts.description == "localhost,127.0.0.1,[::1],a.example,b.example")
        #expect(Hosts.loopback.union(.any).description == "*")
    }

    @Test(arguments: [
        ("*", "*"), ("api.example.org", "api.example.org"), ("API.example.org:80", "api.example.org:80"), ("::1", "[::1]"),
        ("[::1]:8080", "[::1]:8080"), ("0:0:0:0:0:0:0:1", "[::1]"), ("my_host-1, 10.0.0.1:65535", "my_host-1,10.0.0.1:65535"),
    ])
    func `are shown as they can be set`(text: String, shown: String) {
        #expect(Hosts(text)?.description == shown)
        #expect(Hosts(shown) == Hosts(text))
    }

    @Test(arguments: [
        "", ",", "a,,b", "a,", "https://a", "a/b", "a b/c", "a:b", "a:99999", "a:0", "a:", ":80", "[::1", "::1]", "[]", "[x::1]",
        "a@b",
        "*.example.org", "*,a", "é", "a?b", "a:80:90",
    ])
    func `are not listed in another way`(text: String) {
        #expect(Hosts(text) == nil)
    }
}
