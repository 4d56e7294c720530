import Foundation
import Penumbra
import PenumbraSupport

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
  var limits = DecodingLimits()

  func read(_ file: PicturePath) -> Picture {
    Picture(path: file.path, content: Result { () throws(ImageError) in try content(file) })
  }

  private func content(_ file: PicturePath) throws(ImageError) -> Picture.Content {
    let channels = graph.net.input.channels
    let options = DecodingOptions(
      orientation: preprocessing.orientation, limits: limits, source: file.source)
    // A pipe can be read once, so the bytes serve both decodings.
    let bytes = try readPicture(file.path, options)
    var networkOptions = options
    networkOptions.channels = channels
    let bitmap = try Bitmap(decoding: bytes, options: networkOptions, name: file.path)
    return Picture.Content(
      width: bitmap.width, height: bitmap.height,
      fitted: try graph.fitted(Image(bitmap, name: file.path), preprocessing),
      bitmap: keepsBitmap ? try colored(bitmap, bytes, options, file.path) : nil)
  }

  /// A network that sees grey is no reason to draw on grey.
  private func colored(
    _ bitmap: Bitmap, _ bytes: [UInt8], _ options: DecodingOptions, _ path: String
  ) throws(ImageError) -> Bitmap {
    bitmap.channels == 3 ? bitmap : try Bitmap(decoding: bytes, options: options, name: path)
  }
}
