import Foundation
import PenumbraEvaluation
import PenumbraImaging
import PenumbraSupport

/// The pictures of a page, small enough to be sent with it.
enum WorstPictures {
  private static let longestSide = 640

  /// The images with the most faults, as many as asked; none without any.
  static func of(_ finding: DetectionFinding, count: Int) -> [EvaluatedPicture] {
    let images = finding.images.sorted { $0.id < $1.id }
    let worst = zip(images, finding.evaluation.images).filter { $1.faults > 0 }
      .sorted { ($0.1.faults, $1.1.id) > ($1.1.faults, $0.1.id) }.prefix(count)
    return worst.compactMap { image, outcome in
      guard let picture = read(image.name, finding.heading) else { return nil }
      var sized = image
      // COCO's files may leave sizes out.
      if image.width == 0 || image.height == 0 {
        (sized.width, sized.height) = (picture.width, picture.height)
      }
      return EvaluatedPicture(
        sized, outcome, names: finding.heading.names, source: picture.source)
    }
  }

  /// The images that a classifier was wrong about and surest of.
  static func of(_ finding: ClassificationFinding, count: Int) -> [EvaluatedPicture] {
    let wrong = finding.images.filter { $0.ranking.first != $0.truth }
      .sorted { $0.confidence > $1.confidence }.prefix(count)
    return wrong.compactMap { image in
      guard let picture = read(image.name, finding.heading), let first = image.ranking.first
      else { return nil }
      let names = finding.heading.names
      return EvaluatedPicture(
        name: image.name,
        caption: "shows \(names[image.truth]), taken for \(names[first])"
          + " (\((image.confidence * 100).text(0)) %)",
        width: picture.width, height: picture.height, source: picture.source)
    }
  }

  /// A picture as a data URI; nil, after saying so, where it cannot be read.
  private static func read(
    _ path: String, _ heading: FindingHeading
  ) -> (width: Int, height: Int, source: String)? {
    do {
      let bitmap = try Bitmap(
        contentsOf: path,
        options: DecodingOptions(
          orientation: heading.exif, limits: heading.limits, source: .found))
      let jpeg = try small(bitmap).encoded(as: .jpeg(quality: 80), name: path)
      return (
        bitmap.width, bitmap.height, "data:image/jpeg;base64," + Data(jpeg).base64EncodedString()
      )
    } catch {
      standardError("warning: the page lacks a picture: \(error)")
      return nil
    }
  }

  private static func small(_ bitmap: Bitmap) -> Bitmap {
    let side = max(bitmap.width, bitmap.height)
    guard side > longestSide else { return bitmap }
    return Bitmap(
      Image(bitmap).resized(
        width: max(1, bitmap.width * longestSide / side),
        height: max(1, bitmap.height * longestSide / side)))
  }
}
