/// Weights that would make a convolution faster if they were kept transformed.
struct WinogradWish<Subject> {
  let subject: Subject
  /// Decides between wishes that gain the same.
  private let order: Int
  private let gain: Double
  private let bytes: Int

  /// - Parameters:
  ///   - gain: what it saves, as the time of so many multiply-adds of a register.
  ///   - bytes: what it takes beyond the weights themselves.
  init(of subject: Subject, order: Int, gain: Double, bytes: Int) {
    (self.subject, self.order, self.gain, self.bytes) = (subject, order, gain, bytes)
  }

  /// Those that a budget is spent on, what gains most for each byte first.
  static func granted(_ wishes: [WinogradWish], budget: Int) -> [Subject] {
    var (left, granted): (Int, [Subject]) = (budget, [])
    for wish in wishes.sorted(by: isFirst) where wish.bytes <= left {
      left -= wish.bytes
      granted.append(wish.subject)
    }
    return granted
  }

  private static func isFirst(_ a: WinogradWish, _ b: WinogradWish) -> Bool {
    let (first, second) = (a.gain / Double(a.bytes), b.gain / Double(b.bytes))
    return first == second ? a.order < b.order : first > second
  }
}
