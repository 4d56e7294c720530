/// Into how many parts a batch is divided so that a part fits into memory.
package enum BatchDivision {
  /// The smallest divisor of `batch`, from `subdivisions` on, whose parts fit.
  ///
  /// - Parameter bytes: what a training step of so many images takes.
  package static func fitting(
    batch: Int, subdivisions: Int, limit: Int?, bytes: (_ images: Int) throws -> Int
  ) throws -> Int {
    guard batch % subdivisions == 0 else {
      throw TrainingError.unevenBatch(batch, subdivisions: subdivisions)
    }
    guard let limit else { return subdivisions }
    for parts in subdivisions...batch where batch % parts == 0 {
      if try bytes(batch / parts) <= limit { return parts }
    }
    throw TrainingError.overMemory(limit: limit, needed: try bytes(1), batch: batch)
  }
}
