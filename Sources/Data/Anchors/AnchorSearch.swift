import PenumbraImaging
import PenumbraSupport

/// k-means over the shapes of boxes, with 1 − IoU as the distance.
///
/// Starts are drawn as k-means++ does (Arthur and Vassilvitskii, 2007); a centre is the mean width
/// and height of its boxes (Redmon and Farhadi, YOLO9000, 2016). Of several starts the best is
/// taken. The same seed gives the same anchors.
public struct AnchorSearch: Sendable {
  /// From the smallest area to the largest.
  public let anchors: [Anchor]
  public let fit: AnchorFit

  /// - Parameters:
  ///   - count: how many anchors, 1 or more.
  ///   - restarts: how many starts are tried, 1 or more.
  /// - Precondition: there are boxes, and their sizes are positive.
  public init(_ boxes: [Anchor], count: Int, seed: UInt64, restarts: Int = 10) {
    precondition(count > 0 && restarts > 0 && !boxes.isEmpty, "nothing to search")
    var best: (anchors: [Anchor], fit: AnchorFit)?
    for restart in 0..<restarts {
      var dice = Dice(seed: seed, number: restart)
      var centres = Self.start(boxes, count, &dice)
      Self.improve(&centres, boxes)
      let fit = AnchorFit(centres, boxes: boxes)
      if fit.averageIoU > best?.fit.averageIoU ?? -1 { best = (centres, fit) }
    }
    anchors = (best?.anchors ?? []).sorted { ($0.area, $0.width) < ($1.area, $1.width) }
    fit = AnchorFit(anchors, boxes: boxes)
  }

  /// Boxes far from those chosen already are the likelier to be chosen.
  private static func start(_ boxes: [Anchor], _ count: Int, _ dice: inout Dice) -> [Anchor] {
    var centres = [boxes[dice.int(0...boxes.count - 1)]]
    var distances = [Double](repeating: .infinity, count: boxes.count)
    while centres.count < count {
      let newest = centres[centres.count - 1]
      var sum = 0.0
      for i in boxes.indices {
        let distance = 1 - boxes[i].iou(newest)
        distances[i] = min(distances[i], distance * distance)
        sum += distances[i]
      }
      // Where fewer shapes exist than anchors are asked for, some come twice.
      var left = dice.uniform() * sum
      let chosen = distances.firstIndex { distance in
        left -= distance
        return left < 0
      }
      centres.append(boxes[chosen ?? dice.int(0...boxes.count - 1)])
    }
    return centres
  }

  private static let mostRounds = 1000

  private static func improve(_ centres: inout [Anchor], _ boxes: [Anchor]) {
    var owners = [Int](repeating: -1, count: boxes.count)
    for _ in 0..<mostRounds {
      var sums = [(width: Double, height: Double, count: Double)](
        repeating: (0, 0, 0), count: centres.count)
      var hasChanged = false
      for (i, box) in boxes.enumerated() {
        let owner = nearest(box, centres)
        if owner != owners[i] { (owners[i], hasChanged) = (owner, true) }
        sums[owner].width += box.width
        sums[owner].height += box.height
        sums[owner].count += 1
      }
      guard hasChanged else { return }
      // A centre that lost all its boxes stays where it is.
      for (k, sum) in sums.enumerated() where sum.count > 0 {
        centres[k] = Anchor(
          width: sum.width / Double(sum.count), height: sum.height / Double(sum.count))
      }
    }
  }

  private static func nearest(_ box: Anchor, _ centres: [Anchor]) -> Int {
    var (best, index) = (-1.0, 0)
    for (k, centre) in centres.enumerated() {
      let iou = box.iou(centre)
      if iou > best { (best, index) = (iou, k) }
    }
    return index
  }
}

extension [Anchor] {
  /// How much of the input a picture covers along each axis when it is letterboxed.
  static func shares(_ picture: String, _ width: Int, _ height: Int)
    -> (width: Double, height: Double)?
  {
    guard let size = try? PictureSize(contentsOf: picture, source: .found) else { return nil }
    let place = Placement(
      imageWidth: size.width, imageHeight: size.height, networkWidth: width, networkHeight: height,
      letterbox: true)
    return (Double(place.newWidth) / Double(width), Double(place.newHeight) / Double(height))
  }
}
