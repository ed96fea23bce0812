internal import Model

/// Divides rows into the groups that exchange values which have to be unique: if `a` becomes `b` and `b` becomes `a`, neither can
/// be written without the other.
///
/// Of two rows that want the same value only the first can have it, so they are in groups of their own.
struct ExchangeGroups {
    /// All rows, each in one group, in the order of their first rows.
    private(set) var groups: [[ImportRow]] = []

    /// - Parameters:
    ///   - unique: the positions of the values of which no two rows have the same.
    ///   - holders: the ids of the rows that now have values which must be a row's alone.
    init(_ rows: [ImportRow], unique: [Int], _ holders: ([Value]) async throws -> [Value]) async rethrows {
        var wanted: Set<[Value]> = []
        var positions: [Value: Int] = [:]
        var isAlone: [Bool] = []
        for (position, row) in rows.enumerated() {
            let values = row.uniqueValues(unique)
            let isFirst = values.allSatisfy { !wanted.contains($0) }
            isAlone.append(!isFirst)
            guard isFirst else { continue }
            wanted.formUnion(values)
            if row.id != .null { positions[row.id] = position }
        }
        // Each row points to another one of its group, in the end to the first.
        var first = Array(rows.indices)
        func root(_ position: Int) -> Int {
            var position = position
            while first[position] != position { position = first[position] }
            return position
        }
        for (position, row) in rows.enumerated() where !isAlone[position] {
            for holder in try await holders(row.values).compactMap({ positions[$0] }) {
                let (a, b) = (root(position), root(holder))
                first[max(a, b)] = min(a, b)
            }
        }
        var members: [Int: [ImportRow]] = [:]
        for position in rows.indices { members[root(position), default: []].append(rows[position]) }
        groups = members.sorted { $0.key < $1.key }.map(\.value)
    }
}

extension ImportRow {
    /// Each with its position, for those that are not null.
    fileprivate func uniqueValues(_ unique: [Int]) -> [[Value]] {
        unique.compactMap { values[$0] == .null ? nil : [.integer(Int64($0)), values[$0]] }
    }
}
