import Model
import Testing

@Suite struct `A creating action` {
    private let transaction = FakeTransaction()
    private let unit: UnitOfWork

    init() { unit = UnitOfWork(transaction, deadline: 0) }

    @Test func `is known by the member that asks for it and by what it computes`() {
        #expect(Jar.fill.subject == Jar.schema)
        #expect(Jar.fill.member == "layers")
        #expect(Jar.fill.count == 1...5)
        #expect(Jar.fill.columns.map(\.name) == ["gadget_id", "grams", "ounces"])
        #expect(Jar.fill.computed.map { Jar.schema.columns[$0].name } == ["grams"])
        #expect(Jar.fill.refusals.map(\.type) == ["too-heavy"])
    }

    @Test func `makes a row of the fields and the elements of a body`() async throws {
        let fields = Jar.stored(0, shelf: 5) { $0.label = "jam" }.value.values
        let row = try await Jar.fill.perform(
            fields, [Layer(grams: 30).values, Layer(grams: 40).values], in: unit, Settings())
        let jar = Stored<Jar>(row)
        #expect((jar.label, jar.grams, jar.shelf) == ("jam", 70, ID(5)))
        let layers: [Layer] = try await unit.owned("layers", of: jar)
        #expect(layers.map(\.ounces) == [1, 1])
        #expect(Set(unit.touched.map(\.name)) == ["jars:\(jar.id)", "jars", "jars/shelf_id=5"])
    }

    @Test func `refuses in its own words, and follows settings`() async throws {
        let (fields, heavy) = (Jar.stored(0).value.values, [Layer(grams: 501).values])
        await #expect(throws: DomainError.refused(Refusal(type: "too-heavy", detail: "It would weigh 501 grams."))) {
            _ = try await Jar.fill.perform(fields, heavy, in: unit, Settings())
        }
        #expect(transaction.log.isEmpty)
        var settings = Settings()
        settings[Jar.heaviest] = 501
        #expect(Stored<Jar>(try await Jar.fill.perform(fields, heavy, in: unit, settings)).grams == 501)
    }
}

@Suite struct `An action on a row` {
    private let transaction = FakeTransaction()
    private let unit: UnitOfWork

    init() { unit = UnitOfWork(transaction, deadline: 0) }

    @Test func `is known by its name and by what it takes`() {
        #expect((Jar.seal.name, Jar.empty.name) == ("seal", "empty"))
        #expect(Jar.seal.subject == Jar.schema)
        #expect(Jar.seal.input == nil)
        #expect(Jar.empty.input?.map(\.name) == ["gadget_id", "grams", "ounces"])
        #expect(Jar.seal.refusals.map(\.type) == ["sealed-already"])
        #expect(Jar.empty.refusals.isEmpty)
    }

    @Test func `changes the row, and what nobody else may give`() async throws {
        let row = try await Jar.seal.perform(Jar.stored(7).row, [], in: unit, Settings())
        #expect(Stored<Jar>(row).isSealed)
        #expect(row.version == 2)
        #expect(Set(unit.touched.map(\.name)) == ["jars:7", "jars", "jars/shelf_id=3"])
    }

    @Test func `has what a body gives, and the settings`() async throws {
        var settings = Settings()
        let jar = Jar.stored(7) { $0.grams = 900 }.row
        let taken = Layer(grams: 5).values
        #expect(Stored<Jar>(try await Jar.empty.perform(jar, taken, in: unit, settings)).grams == 500)
        settings[Jar.heaviest] = 1_000
        #expect(Stored<Jar>(try await Jar.empty.perform(jar, taken, in: unit, settings)).grams == 895)
    }

    @Test func `refuses what cannot be done, and writes nothing`() async {
        let jar = Jar.stored(7) { $0.isSealed = true }.row
        await #expect(throws: DomainError.refused(Refusal(type: "sealed-already", detail: "Jar 7 is sealed already."))) {
            _ = try await Jar.seal.perform(jar, [], in: unit, Settings())
        }
        #expect(transaction.log.isEmpty)
    }
}

@Suite struct `A setting` {
    private let spare = Setting("SPARE", default: false, expects: "true or false", "Whether to spare.") { Bool($0) }

    @Test func `has its default until it is set`() {
        var settings = Settings()
        #expect(settings[Jar.heaviest] == 500)
        settings[Jar.heaviest] = 7
        #expect(settings[Jar.heaviest] == 7)
        #expect(settings[spare] == false)
    }

    @Test func `is read from a text, which shows how it was understood`() throws {
        let any: any AnySetting = Jar.heaviest
        #expect((any.name, any.defaultText, any.expectation) == ("JAR_GRAMS", "500", "a number"))
        let read = try #require(any.read("007"))
        #expect(read.text == "7")
        var settings = Settings()
        settings.set(any, read.value)
        #expect(settings[Jar.heaviest] == 7)
        #expect(any.read("much") == nil)
    }
}
