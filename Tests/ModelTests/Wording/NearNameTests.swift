import Model
import Testing

@Suite struct `A near name` {
    private static let fields = ["id", "name", "category_id", "title", "price", "stock", "created_at"]

    @Test(arguments: [
        ("pric", "price"), ("prices", "price"), ("prize", "price"), ("rpice", "price"), ("Price", "price"), ("PRICE", "price"),
        ("categoryId", "category_id"), ("category-id", "category_id"), ("cateogry_di", "category_id"), ("titel", "title"),
        ("category", "category_id"), ("Category", "category_id"),
        ("created", nil), ("createdat", "created_at"), ("colour", nil), ("", nil), ("x", nil), ("i", nil), ("Id", "id"),
        ("nm", nil), ("prx", nil), ("cat", nil), ("Preis", nil), ("prîce", "price"),
    ])
    func `is one that a slip makes of it`(name: String, expected: String?) {
        #expect(NearName.of(name, among: Self.fields) == expected)
    }

    @Test(arguments: [
        ("DATABSE_URL", "DATABASE_URL"), ("HTTP_PROT", "HTTP_PORT"), ("HTTP_PROXY", nil), ("DATABASE_HOST", nil),
        ("DATABASE_UR", "DATABASE_URL"), ("REDIS_URI", "REDIS_URL"), ("HTTPPORT", "HTTP_PORT"), ("HTTP_TORP", nil),
        ("HTTP_HOME", nil),
    ])
    func `may be two slips away if it is long`(name: String, expected: String?) {
        #expect(NearName.of(name, among: ["DATABASE_URL", "HTTP_PORT", "REDIS_URL"]) == expected)
    }

    @Test func `is the nearest, and of several the first`() {
        #expect(NearName.of("orderss", among: ["borders", "orders", "ordersx"]) == "orders")
        #expect(NearName.of("lime", among: ["line", "lima", "time"]) == "line")
        #expect(NearName.of("lime", among: []) == nil)
    }

    @Test func `may be one of several`() {
        #expect(
            NearName.nearest(to: "HTTP_HOTS", among: ["HTTP_HOST", "HTTP_PORT", "HTTP_HOSTS"]) == ["HTTP_HOST", "HTTP_HOSTS"])
        #expect(NearName.nearest(to: "HTTP_HOSTSS", among: ["HTTP_HOST", "HTTP_HOSTS"]) == ["HTTP_HOSTS"])
        #expect(NearName.nearest(to: "HTTP_HOSTSS", among: ["HTTP_PORT"]) == [])
    }

    @Test func `is not looked for when a name is longer than any of ours, which would take long`() {
        #expect(NearName.of(String(repeating: "a", count: 64), among: [String(repeating: "a", count: 63)]) != nil)
        let long = String(repeating: "a", count: 1 << 20)
        #expect(NearName.of(long, among: [long + "b"]) == nil)
    }

    @Test func `makes a hint, without one all names do, and without names a sentence still`() {
        #expect(NearName.hint(for: "pric", among: Self.fields, "they are") == "perhaps price is meant")
        #expect(NearName.hint(for: "colour", among: ["a", "b"], "they are") == "they are a, b")
        #expect(NearName.hint(for: "colour", among: [], "they are") == "there is none")
        #expect(NearName.suffix(for: "pric", among: Self.fields) == "; perhaps price is meant")
        #expect(NearName.suffix(for: "colour", among: Self.fields) == "")
    }
}
