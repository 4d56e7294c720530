import Foundation
public import PenumbraImaging
import PenumbraSupport

/// A picture with what the network sees in it, for the page.
public struct SamplePicture: Hashable, Sendable {
  public let name: String
  public let iteration: Int
  /// What is said about it, such as a class; nil for what is drawn.
  let caption: String?
  let width: Int
  let height: Int
  /// A JPEG file in base 64.
  let base64: String

  /// - Parameter bitmap: with the boxes on it.
  /// - Throws: what encoding throws.
  public init(_ bitmap: Bitmap, name: String, iteration: Int, caption: String? = nil) throws {
    self.name = name
    self.caption = caption
    self.iteration = iteration
    (width, height) = (bitmap.width, bitmap.height)
    base64 = Data(try bitmap.encoded(as: .jpeg(quality: 82), name: name)).base64EncodedString()
  }

  var html: String {
    """
    <figure class="sample"><img width="\(width)" height="\(height)" alt="\(name.xmlEscaped) at \
    iteration \(iteration)" src="data:image/jpeg;base64,\(base64)"><figcaption>\
    iteration \(iteration)\(caption.map { ": " + $0.xmlEscaped } ?? "")</figcaption></figure>
    """
  }
}

/// The pictures of several validations: the first, the last, and some between.
struct SampleGallery: Sendable {
  private(set) var rounds: [[SamplePicture]] = []
  private static let limit = 8

  mutating func add(_ pictures: [SamplePicture]) {
    guard !pictures.isEmpty else { return }
    rounds.append(pictures)
    guard rounds.count > Self.limit else { return }
    // The round goes whose neighbours are closest to each other.
    let iterations = rounds.map { $0[0].iteration }
    let gaps = (1..<rounds.count - 1).map { ($0, iterations[$0 + 1] - iterations[$0 - 1]) }
    if let least = gaps.min(by: { $0.1 < $1.1 }) { rounds.remove(at: least.0) }
  }

  /// One row a picture, one column a validation.
  var html: String {
    guard let last = rounds.last else { return "" }
    let rows = last.indices.map { index in
      let pictures = rounds.compactMap { $0.indices.contains(index) ? $0[index].html : nil }
      return "<h3>\(last[index].name.xmlEscaped)</h3><div class=\"samples\">"
        + pictures.reversed().joined() + "</div>"
    }
    return "<section><h2>What it sees</h2>\(rows.joined(separator: "\n"))</section>"
  }
}
