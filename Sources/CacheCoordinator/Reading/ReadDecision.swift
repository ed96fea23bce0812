internal import Model

/// What the states of a value's tags mean for a read. Pure: the rules of docs/freshness.md for readers, in one place.
enum ReadDecision: Equatable {
    /// The entry is valid.
    case serve
    /// A write may commit at any moment: load, and do not fill.
    case passThrough
    /// Some tags have no token: give them one, then decide again.
    case createTokens
    /// Load now that the tokens are captured, then fill with them.
    case load([VersionToken])

    init(entry: Entry?, states: [TagState]) {
        if let entry, entry.isValid(under: states) {
            self = .serve
            return
        }
        var tokens: [VersionToken] = []
        var isComplete = true
        for state in states {
            switch state {
            case .version(let token): tokens.append(token)
            case .absent: isComplete = false
            case .intent:
                self = .passThrough
                return
            }
        }
        self = isComplete ? .load(tokens) : .createTokens
    }
}
