import PenumbraEngine

/// Width and height of a box, in pixels of a network's input.
public struct Anchor: Hashable, Sendable, Codable {
  public var width: Double
  public var height: Double

  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  public var area: Double { width * height }

  /// Intersection over union of two boxes with the same centre.
  public func iou(_ other: Anchor) -> Double {
    let intersection = min(width, other.width) * min(height, other.height)
    return intersection / (area + other.area - intersection)
  }

  /// The largest factor between the widths or the heights; at least 1.
  public func ratio(_ other: Anchor) -> Double {
    max(
      width / other.width, other.width / width, height / other.height, other.height / height)
  }
}

/// How well anchors suit boxes.
public struct AnchorFit: Hashable, Sendable, Codable {
  /// The mean over the boxes of the IoU with the anchor that fits best.
  public let averageIoU: Double
  /// Share of the boxes that some anchor overlaps by more than half.
  public let recallIoU: Double
  /// Share of the boxes that some anchor differs from by less than a factor of 4 in width and
  /// height: what can be learned at all by the rule of YOLOv5.
  public let recallRatio: Double

  private enum CodingKeys: String, CodingKey {
    case averageIoU = "average_iou"
    case recallIoU = "recall_iou_50"
    case recallRatio = "recall_ratio_4"
  }

  /// - Precondition: there are boxes and anchors.
  public init(_ anchors: [Anchor], boxes: [Anchor]) {
    precondition(!anchors.isEmpty && !boxes.isEmpty, "nothing to fit")
    var (sum, overlapping, similar) = (0.0, 0, 0)
    for box in boxes {
      let best = anchors.lazy.map(box.iou).max() ?? 0
      sum += best
      if best > 0.5 { overlapping += 1 }
      if anchors.contains(where: { box.ratio($0) < 4 }) { similar += 1 }
    }
    let count = Double(boxes.count)
    averageIoU = sum / count
    recallIoU = Double(overlapping) / count
    recallRatio = Double(similar) / count
  }
}

extension [Anchor] {
  /// The boxes of a data set as they are in a network's input.
  ///
  /// - Parameter letterBox: pictures keep their proportions; their headers are read for it.
  /// - Throws: `DataError` where no box is large enough to have a shape.
  public init(
    boxesOf data: DetectionDataSet, width: Int, height: Int, letterBox: Bool = false
  ) throws(DataError) {
    self = []
    try data.requireBoxes(data.items.first?.labels ?? "data set")
    for item in data.items where !item.boxes.isEmpty {
      var (w, h) = (Double(width), Double(height))
      if letterBox, let shares = Self.shares(item.image, width, height) {
        (w, h) = (w * shares.width, h * shares.height)
      }
      for labelled in item.boxes {
        let edges = BoxEdges(labelled.box).trimmed()
        let anchor = Anchor(
          width: (edges.right - edges.left) * w, height: (edges.bottom - edges.top) * h)
        if anchor.width > 0, anchor.height > 0 { append(anchor) }
      }
    }
    if isEmpty {
      throw DataError(
        .badFormat(detail: "no box has a size inside its image"),
        file: data.items.first?.labels ?? "data set")
    }
  }
}
