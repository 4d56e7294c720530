import Foundation
import Penumbra

/// A picture that waits for the network, or why it cannot.
struct Picture: Sendable {
  let path: String
  let content: Result<Content, ImageError>

  struct Content: Sendable {
    let width: Int
    let height: Int
    let fitted: FittedImage
    /// The picture itself, kept where it will be drawn on.
    let bitmap: Bitmap?
  }
}

/// Reads pictures and fits them into a network's input.
struct PictureReader: Sendable {
  let graph: Graph
  let preprocessing: Preprocessing
  var keepsBitmap = false

  func read(_ path: String) -> Picture {
    Picture(path: path, content: Result { () throws(ImageError) in try content(path) })
  }

  private func content(_ path: String) throws(ImageError) -> Picture.Content {
    let channels = graph.net.input.channels
    let bitmap = try Bitmap(
      contentsOf: path,
      options: DecodingOptions(channels: channels, orientation: preprocessing.orientation))
    return Picture.Content(
      width: bitmap.width, height: bitmap.height,
      fitted: try graph.fitted(Image(bitmap), preprocessing),
      bitmap: keepsBitmap ? try colored(bitmap, path) : nil)
  }

  /// A network that sees grey is no reason to draw on grey.
  private func colored(_ bitmap: Bitmap, _ path: String) throws(ImageError) -> Bitmap {
    guard bitmap.channels != 3 else { return bitmap }
    return try Bitmap(
      contentsOf: path, options: DecodingOptions(orientation: preprocessing.orientation))
  }
}

/// Values made on a thread of their own, a few ahead of the reader.
///
/// `@unchecked Sendable`: all that changes is touched under `condition` alone.
final class Ahead<Element: Sendable>: @unchecked Sendable {
  private let condition = NSCondition()
  private var ready: [Element] = []
  private var isDone = false
  private var isStopped = false

  /// - Parameters:
  ///   - depth: how many values may wait.
  ///   - make: gives the next value, nil at the end; called on the new thread only.
  init(depth: Int, make: @escaping @Sendable () -> Element?) {
    let thread = Thread { [self] in
      while let element = make(), put(element, depth: depth) {}
      finish()
    }
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// The next value, nil after the last.
  func next() -> Element? {
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty, !isDone { condition.wait() }
    guard !ready.isEmpty else { return nil }
    condition.broadcast()
    return ready.removeFirst()
  }

  /// Ends the thread after the value it is making.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
  }

  private func put(_ element: Element, depth: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while ready.count >= depth, !isStopped { condition.wait() }
    ready.append(element)
    condition.broadcast()
    return !isStopped
  }

  private func finish() {
    condition.lock()
    defer { condition.unlock() }
    isDone = true
    condition.broadcast()
  }
}
