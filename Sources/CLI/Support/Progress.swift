import Foundation

/// A line on stderr that says how far a run is; only where stderr is a terminal.
struct Progress {
  private let total: Int?
  private let noun: String
  private let start = ContinuousClock.now
  private var isShown = false
  private let isTerminal = isatty(2) == 1

  /// - Parameters:
  ///   - total: nil when nobody knows.
  ///   - noun: what is counted, in the plural.
  init(total: Int?, noun: String = "pictures") {
    self.total = total
    self.noun = noun
  }

  /// Writes the line.
  mutating func show(done: Int) {
    guard isTerminal, total != 1 else { return }
    isShown = true
    write("\r\u{1B}[K" + text(done: done, seconds: (ContinuousClock.now - start) / .seconds(1)))
  }

  /// Makes room for other text.
  mutating func clear() {
    guard isShown else { return }
    isShown = false
    write("\r\u{1B}[K")
  }

  private func text(done: Int, seconds: Double) -> String {
    let rate = Double(done) / max(seconds, 1e-6)
    let speed = "\((rate * 10).rounded() / 10)/s"
    guard let total else { return "\(done) \(noun), \(speed)" }
    let left = Int((Double(total - done) / max(rate, 1e-6)).rounded(.up))
    let time = [left / 3600, left / 60 % 60, left % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(done) of \(total) \(noun), \(speed), \(time.joined(separator: ":")) left"
  }

  private func write(_ text: String) { StandardError.write(text) }
}
