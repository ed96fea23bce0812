/// A line on the terminal that fills from left to right. On anything else it is silent.
struct ProgressBar {
    let title: String
    private let width = 30

    /// - Parameter fraction: how much is done, from 0 to 1; nil if it is not known how much there is.
    func show(_ fraction: Double?, _ rows: Int) {
        guard Terminal.errorIsTerminal else { return }
        guard let fraction = fraction.map({ min($0, 1) }) else { return Terminal.writeError("\r\(title) \(rows) rows") }
        let filled = Int(fraction * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Terminal.writeError("\r\(title) \(bar) \(Int(fraction * 100)) % \(rows) rows")
    }

    /// Clears the line, so that something else can be written.
    func clear() {
        if Terminal.errorIsTerminal { Terminal.writeError("\r\u{1B}[2K") }
    }
}
