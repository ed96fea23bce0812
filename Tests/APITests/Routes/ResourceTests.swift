import HTTPServer
import LarderTesting
import Model
import Testing

@Suite struct `A resource` {
    private let api = TestAPI()

    /// - Returns: the row that the sample makes.
    private func create(_ sample: ResourceSample) async throws -> Answer {
        try await api.fill()
        return try await api.post(sample.path, sample.body)
    }

    @Test(arguments: ResourceSample.all)
    func `has new rows`(sample: ResourceSample) async throws {
        let answer = try await create(sample)
        #expect(answer.status == 201)
        let row = try answer.json
        #expect(row.withoutTimes == sample.created)
        #expect(row["created_at"] == row["updated_at"])
        let time = try #require(row["created_at"]?.text)
        #expect(time.count == "2026-11-21T09:21:14.000000Z".count && time.hasSuffix("Z"), "\(time)")
        #expect(abs(try #require(Timestamp(time)).microseconds - Timestamp.now.microseconds) < 60_000_000)
        #expect(answer["location"] == sample.rowPath)
        #expect(answer["content-type"] == "application/json")
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["etag"] != nil)
    }

    @Test(arguments: ResourceSample.all)
    func `has its rows by their ids`(sample: ResourceSample) async throws {
        let created = try await create(sample)
        let answer = try await api.get(sample.rowPath)
        #expect(answer.status == 200)
        #expect(answer.text == created.text)
        #expect(answer["etag"] == created["etag"])
        #expect(answer["etag"] != nil)
        #expect(answer["cache-control"] == "private, no-cache")
        #expect(answer["content-type"] == "application/json")
    }

    @Test(arguments: ResourceSample.all)
    func `replaces all that can be given`(sample: ResourceSample) async throws {
        let created = try await create(sample)
        let answer = try await api.put(sample.rowPath, sample.other)
        #expect(answer.status == 200)
        #expect(try answer.json.withoutTimes == sample.replaced)
        #expect(try answer.json["created_at"] == created.json["created_at"])
        #expect(answer["etag"] != created["etag"])
        #expect(answer["cache-control"] == "no-store")
        #expect(answer["location"] == nil)
        #expect(try await api.get(sample.rowPath).text == answer.text)
    }

    @Test(arguments: ResourceSample.all)
    func `sets what is not given to what it begins with when it replaces`(sample: ResourceSample) async throws {
        _ = try await create(sample)
        _ = try await api.put(sample.rowPath, sample.other)
        let answer = try await api.put(sample.rowPath, sample.body)
        var expected = sample.created
        if case .object(var members) = expected {
            members["version"] = 3
            expected = .object(members)
        }
        #expect(try answer.json.withoutTimes == expected)
    }

    @Test(arguments: ResourceSample.all)
    func `changes what is given`(sample: ResourceSample) async throws {
        _ = try await create(sample)
        let answer = try await api.patch(sample.rowPath, sample.patch)
        #expect(answer.status == 200)
        #expect(try answer.json.withoutTimes == sample.patched)
        #expect(try await api.get(sample.rowPath).text == answer.text)
    }

    @Test(arguments: ResourceSample.all, ["{}", "body"])
    func `stays as it is when nothing changes`(sample: ResourceSample, patch: String) async throws {
        let created = try await create(sample)
        let answer = try await api.patch(sample.rowPath, patch == "{}" ? patch : sample.body)
        #expect(answer.status == 200)
        #expect(answer.text == created.text)
        #expect(answer["etag"] == created["etag"])
    }

    @Test(arguments: ResourceSample.all)
    func `deletes rows, and never gives their ids again`(sample: ResourceSample) async throws {
        let created = try await create(sample)
        let answer = try await api.delete(sample.rowPath)
        #expect(answer.status == 204)
        #expect(answer.response.body.isEmpty)
        #expect(answer["content-type"] == nil)
        #expect(answer["cache-control"] == "no-store")
        #expect(try await api.get(sample.rowPath).status == 404)
        #expect(try await api.delete(sample.rowPath).status == 404)
        #expect(try await api.create(sample.resource, sample.body)["id"] != created.json["id"])
    }

    @Test(arguments: ResourceSample.all)
    func `lists and counts its rows`(sample: ResourceSample) async throws {
        let created = try await create(sample)
        let list = try await api.get("\(sample.path)?sort=-id")
        #expect(list.status == 200)
        #expect(try list.json["items"]?[0] == created.json)
        #expect(try list.json.names == ["items", "next"])
        let count = try await api.get("\(sample.path)/count")
        #expect(try count.json == .object(["count": .integer(Int64(try #require(list.json["items"]?.elements).count))]))
    }

    @Test(arguments: ResourceSample.all)
    func `answers HEAD as GET`(sample: ResourceSample) async throws {
        _ = try await create(sample)
        for path in [sample.rowPath, sample.path, "\(sample.path)/count"] {
            let head = try await api.send("HEAD", path)
            let get = try await api.get(path)
            #expect(head.status == 200)
            #expect(head.fields == get.fields)
            #expect(head.response.body.count == get.response.body.count)
        }
    }

    @Test(arguments: ResourceSample.all)
    func `has no row that nobody made`(sample: ResourceSample) async throws {
        try await api.fill()
        for id in ["99", "0", "9223372036854775807"] {
            let path = "\(sample.path)/\(id)"
            for answer in [
                try await api.get(path), try await api.send("HEAD", path), try await api.put(path, sample.other),
                try await api.patch(path, sample.patch), try await api.delete(path),
            ] {
                #expect(answer.status == 404)
                #expect(try answer.json["type"] == "/problems/not-found")
                #expect(try answer.json["detail"]?.text?.contains(id) == true)
                #expect(answer["cache-control"] == "no-store")
            }
        }
    }

    @Test(arguments: ResourceSample.all, ["abc", "1x", "1.0", "+1", "%20", "1%202", "9223372036854775808", "%FF", "null", "1,2"])
    func `does not take what is no id`(sample: ResourceSample, id: String) async throws {
        let path = "\(sample.path)/\(id)"
        for answer in [
            try await api.get(path), try await api.put(path, sample.other), try await api.patch(path, sample.patch),
            try await api.delete(path),
        ] {
            #expect(answer.status == 400)
            #expect(answer["content-type"] == "application/problem+json")
        }
    }
}
