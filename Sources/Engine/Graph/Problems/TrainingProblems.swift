import PenumbraCfg

/// Mistakes that only training would suffer from.
extension Problem {
  static func scheduleLacks(_ key: String) -> Problem {
    Problem(
      .schedule, .warning, "policy=steps needs '\(key)'; Darknet stops without it",
      help: "add \(key)=..., or use policy=constant")
  }

  static func scheduleDiffers(_ steps: Int, _ scales: Int) -> Problem {
    Problem(
      .schedule, .warning, "'steps' has \(steps) numbers, but 'scales' has \(scales)",
      help: "write one scale for each step")
  }

  static let scheduleUnordered = Problem(
    .schedule, .warning,
    "the steps do not rise; the rate stops changing at the first that is too low",
    help: "order them from first to last")

  static func unevenBatch(_ batch: Int, subdivisions: Int) -> Problem {
    let part = batch / subdivisions
    return Problem(
      .schedule, .note,
      part == 0
        ? "batch=\(batch) in subdivisions=\(subdivisions) parts leaves none an image; Darknet"
          + " trains with 1 each"
        : "batch=\(batch) in subdivisions=\(subdivisions) parts is \(part) images each, so a step"
          + " has \(part * subdivisions)",
      help: "use a multiple of 'subdivisions'")
  }

  static func contrastiveBatch(_ part: Int) -> Problem {
    Problem(
      .schedule, .warning,
      "contrastive training needs at least 2 images in a part of the batch, found \(part); Darknet"
        + " stops here",
      help: "lower 'subdivisions' or raise 'batch'")
  }
}
