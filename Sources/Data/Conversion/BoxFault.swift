import PenumbraImaging

extension AnnotationSet {
  /// The most pixels of a picture's edge, and how far from its corner a box may reach: beyond every
  /// picture that is decoded.
  static let mostPixels = 1_000_000

  /// A number of pixels as formats of text write it: digits with a sign, a decimal point and an exponent.
  /// Nil for other notations, which readers of the format do not know.
  static func pixels(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ "0123456789+-.eE".utf8.contains($0) }) else { return nil }
    return Double(text)
  }

  /// The size that a file states; nil where it states none that a picture can have.
  static func statedSize(_ width: Int?, _ height: Int?) -> PictureSize? {
    guard let width, let height, (1...mostPixels).contains(width), (1...mostPixels).contains(height)
    else { return nil }
    return PictureSize(width: width, height: height)
  }
}

extension AnnotationSet.Object {
  /// What is wrong with the place of a box, whatever format it is from; nil for one that can be used.
  func fault(in image: PictureSize) -> (kind: DataFault.Kind, text: String)? {
    let (right, bottom) = (left + width, top + height)
    let edges = [left, top, right, bottom]
    guard (edges + [width, height]).allSatisfy(\.isFinite) else {
      return (.notFinite, "the box has a number that is not finite")
    }
    guard width > 0, height > 0 else { return (.zeroSize, "width and height must be above 0") }
    let most = Double(AnnotationSet.mostPixels)
    guard edges.allSatisfy({ $0.magnitude <= most }) else {
      return (.boxOutside, "the box reaches beyond \(AnnotationSet.mostPixels) pixels")
    }
    guard left < Double(image.width), top < Double(image.height), right > 0, bottom > 0 else {
      return (.boxOutside, "the box lies outside of the image")
    }
    return nil
  }
}
