/// A line on the terminal that fills from left to right. On anything else it is silent.
struct ProgressBar {
    let title: String
    private let width = 30

    func show(_ fraction: Double, _ rows: Int) {
        guard Terminal.errorIsTerminal else { return }
        let filled = Int(fraction * Double(width))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Terminal.writeError("\r\(title) \(bar) \(Int(fraction * 100)) % \(rows) rows")
    }

    /// Clears the line, so that something else can be written.
    func clear() {
        if Terminal.errorIsTerminal { Terminal.writeError("\r\u{1B}[2K") }
    }
}
