import PenumbraEngine

/// What the losses of `[yolo]` and `[Gaussian_yolo]` know of their layer: where each number of an
/// anchor stands, and how boxes are read from them.
struct AnchorHead: Sendable {
  /// Planes of an anchor by what they hold.
  struct Planes: Hashable, Sendable {
    let x: Int
    let y: Int
    let width: Int
    let height: Int
    let objectness: Int
    /// The first class.
    let classes: Int

    static let plain = Planes(x: 0, y: 1, width: 2, height: 3, objectness: 4, classes: 5)
    /// Each coordinate is followed by its uncertainty.
    static let gaussian = Planes(x: 0, y: 2, width: 4, height: 6, objectness: 8, classes: 9)
  }

  let planes: Planes
  let classes: Int
  /// Of all heads, in pixels of the network's input.
  let allAnchors: [(width: Float, height: Float)]
  /// Those of this head.
  let mask: [Int]
  /// How far a box's centre lies from the point that x and y mean, in box sizes.
  var pointOffset: Float = 0
  var usesNewCoordinates = false

  var hasUncertainty: Bool { planes == .gaussian }
  /// Planes of one anchor.
  var record: Int { planes.classes + classes }

  init(_ keys: AnchorKeys, planes: Planes) {
    self.planes = planes
    classes = keys.classes
    allAnchors = keys.allAnchors
    mask = keys.mask
  }

  /// The anchor that has a truth's shape most nearly.
  func bestAnchor(for box: Box, network: Shape) -> Int {
    var best = (index: 0, iou: Float(0))
    for index in allAnchors.indices {
      let iou = anchorBox(index, network).iou(Box(x: 0, y: 0, width: box.width, height: box.height))
      if iou > best.iou { best = (index, iou) }
    }
    return best.index
  }

  /// An anchor around the origin, in shares of the image.
  func anchorBox(_ index: Int, _ network: Shape) -> Box {
    let anchor = allAnchors[index]
    return Box(
      x: 0, y: 0, width: anchor.width / Float(network.width),
      height: anchor.height / Float(network.height))
  }

  /// The point of a box that x and y mean.
  func point(of box: Box) -> (x: Float, y: Float) {
    (box.x - pointOffset * box.width, box.y - pointOffset * box.height)
  }
}

/// One image's output of a head with anchors, and its gradient.
struct AnchorOutput {
  let head: AnchorHead
  let output: UnsafePointer<Float>
  let gradient: UnsafeMutablePointer<Float>
  let shape: Shape
  let network: Shape

  var plane: Int { shape.planeCount }

  /// The place of a number of an anchor, by its place in the mask, at a cell.
  @inline(__always) func offset(_ anchor: Int, _ plane: Int, _ cell: Int) -> Int {
    (anchor * head.record + plane) * self.plane + cell
  }

  /// A predicted box, in shares of the image.
  func box(_ anchor: Int, _ cell: Int) -> Box {
    let planes = head.planes
    let size = head.allAnchors[head.mask[anchor]]
    let width =
      side(output[offset(anchor, planes.width, cell)], size.width)
      / Float(network.width)
    let height =
      side(output[offset(anchor, planes.height, cell)], size.height)
      / Float(network.height)
    let x = Float(cell % shape.width) + output[offset(anchor, planes.x, cell)]
    let y = Float(cell / shape.width) + output[offset(anchor, planes.y, cell)]
    return Box(
      x: x / Float(shape.width) + head.pointOffset * width,
      y: y / Float(shape.height) + head.pointOffset * height, width: width, height: height)
  }

  private func side(_ value: Float, _ anchor: Float) -> Float {
    head.usesNewCoordinates ? 4 * value * value * anchor : exponential(value) * anchor
  }
}
