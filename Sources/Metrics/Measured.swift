/// What one part of a worker counts: a copy of its counters that tells what of them operators see.
public protocol Measured: Sendable {
    /// Each counter that operators see. Those of several workers add up.
    var metrics: [Metric] { get }
}

extension [Metric] {
    /// The sums over all parts of all workers, each metric where it came first.
    public init(summing parts: some Sequence<any Measured>) {
        self = []
        var places: [String: Int] = [:]
        for metric in parts.lazy.flatMap(\.metrics) {
            if let place = places[metric.name] {
                self[place].add(metric)
            } else {
                places[metric.name] = count
                append(metric)
            }
        }
    }
}
