public import PenumbraData

/// The images of each iteration, loaded ahead on threads of their own.
///
/// Iteration `i` takes the examples `i · batch` and on: a resumed run sees what it would have seen.
public final class LoadedBatches: BatchSource {
  public let imageCount: Int?
  private let source: any ExampleSource
  private let batch: Int
  private let sizes: MultiScale
  private let threads: Int
  private var loader: BatchLoader?

  /// - Parameters:
  ///   - imageCount: examples of one epoch; nil where there is no end of them.
  ///   - threads: that load; with 0 images are loaded when they are asked for.
  public init(
    _ source: any ExampleSource, imageCount: Int?, batch: Int, sizes: MultiScale, threads: Int = 1
  ) {
    (self.source, self.imageCount, self.batch) = (source, imageCount, batch)
    (self.sizes, self.threads) = (sizes, threads)
  }

  public var largestSize: (width: Int, height: Int) { sizes.largest }

  public func examples(iteration: Int) throws -> [Example] {
    if let loader, loader.nextNumber == iteration * batch { return try loader.next() }
    let (sizes, batch) = (sizes, batch)
    let loader = BatchLoader(
      source, first: iteration * batch, batch: batch, threads: threads,
      size: { sizes.size(iteration: $0 / batch) })
    self.loader = loader
    return try loader.next()
  }
}
