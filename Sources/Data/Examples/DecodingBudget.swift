import Foundation
import PenumbraEngine
import PenumbraImaging

/// The memory that pictures may take together while several threads decode them.
///
/// A picture waits for its turn until it fits; one that is larger than the budget is decoded alone. What
/// it takes is known from its header before it is read.
///
/// `@unchecked Sendable`: all that changes is used under `condition` alone.
public final class DecodingBudget: @unchecked Sendable {
  /// What is used where nobody says.
  public static let standardBytes = 1 << 30

  /// Bytes that decoding takes for each pixel, at most: the coefficients of a progressive JPEG with three
  /// components (6), its planes (3), the pixels (4) and those after the turn of a photograph (3).
  public static let bytesPerPixel = 16

  public let bytes: Int
  private let condition = NSCondition()
  private var used = 0
  /// The number of the next picture that comes, and of the next that is let in.
  private var (nextTicket, serving) = (0, 0)
  private var most = 0

  public init(bytes: Int = DecodingBudget.standardBytes) { self.bytes = bytes }

  /// The most that was in use at one time.
  public var mostUsed: Int {
    condition.lock()
    defer { condition.unlock() }
    return most
  }

  /// Decodes a picture once there is memory for it.
  func bitmap(_ path: String, _ options: DecodingOptions) throws(ImageError) -> Bitmap {
    let size = try? PictureSize(
      contentsOf: path, limits: options.limits, source: options.source)
    let needed = size.map {
      saturatingProduct(saturatingProduct($0.width, $0.height), Self.bytesPerPixel)
    }
    let taken = min(bytes, needed ?? 0)
    take(taken)
    defer { give(taken) }
    return try Bitmap(contentsOf: path, options: options)
  }

  func take(_ count: Int) {
    condition.lock()
    defer { condition.unlock() }
    let ticket = nextTicket
    nextTicket += 1
    while serving != ticket || used + count > bytes { condition.wait() }
    serving += 1
    used += count
    most = max(most, used)
    condition.broadcast()
  }

  func give(_ count: Int) {
    condition.lock()
    defer { condition.unlock() }
    used -= count
    condition.broadcast()
  }
}
