package import PenumbraEngine

/// A measure of how well a box fits another, 1 where they are the same.
package enum Overlap: String, Hashable, Sendable, CaseIterable {
  /// Intersection over union.
  case iou
  /// IoU less the share of the smallest box around both that neither covers.
  case giou
  /// IoU less the squared distance of the centres over the squared diagonal of that box.
  case diou
  /// DIoU less a penalty for other proportions.
  case ciou

  /// Source: Darknet `box.c`, whose distance term has the exponent 0.6.
  package func measure(_ a: Box, _ b: Box) -> Float {
    switch self {
    case .iou: return a.iou(b)
    case .giou:
      let iou = a.iou(b)
      let frame = Frame(a, b)
      let area = frame.width * frame.height
      guard area > 0 else { return iou }
      let sum = a.width * a.height + b.width * b.height
      // The union is the sum less the intersection, which is iou times the union.
      return iou - (area - sum / (1 + iou)) / area
    case .diou: return a.diou(b)
    case .ciou:
      let iou = a.iou(b)
      return a.diou(b, exponent: 1) - Proportions(a, b).penalty(iou: iou)
    }
  }
}

/// In which direction, and how strongly, a predicted box moves.
package struct BoxPull: Hashable, Sendable {
  package var x: Float = 0
  package var y: Float = 0
  package var width: Float = 0
  package var height: Float = 0
}

extension Overlap {
  /// How a predicted box gets to fit a truth better: the measure's derivatives by the prediction's
  /// centre and size, with Darknet's factors.
  ///
  /// The parts of IoU and GIoU in width and height are twice the derivatives, and CIoU's part for
  /// the proportions is not divided by the squared diagonal, as its authors advise. The part for the
  /// distance of the centres is the derivative; in Darknet its second term has the wrong sign.
  ///
  /// Source: Darknet `box.c` (`dx_box_iou`); Rezatofighi et al. 2019, Zheng et al. 2020.
  package func pull(_ prediction: Box, towards truth: Box) -> BoxPull {
    var p = prediction
    if p.width == 0 { p.width = 1 }
    if p.height == 0 { p.height = 1 }
    var pull = overlapPull(p, truth)
    guard self == .diou || self == .ciou else { return pull }
    Frame(p, truth).add(to: &pull, p, truth)
    guard self == .ciou else { return pull }
    let proportions = Proportions(p, truth)
    let alpha = proportions.weight(iou: p.iou(truth))
    pull.width += alpha * 8 / (.pi * .pi) * proportions.difference * p.height
    pull.height -= alpha * 8 / (.pi * .pi) * proportions.difference * p.width
    return pull
  }

  /// The part of IoU, for GIoU with that of the surrounding box.
  private func overlapPull(_ p: Box, _ g: Box) -> BoxPull {
    let (pl, pr, pt, pb) = (p.left, p.x + p.width / 2, p.top, p.y + p.height / 2)
    let (gl, gr, gt, gb) = (g.left, g.x + g.width / 2, g.top, g.y + g.height / 2)
    let (iw, ih) = (min(pr, gr) - max(pl, gl), min(pb, gb) - max(pt, gt))
    let meets = iw > 0 && ih > 0
    let intersection = meets ? iw * ih : 0
    let union = p.width * p.height + g.width * g.height - intersection
    guard union > 0 else { return BoxPull() }

    // How the intersection, the prediction's area and the union grow with each edge.
    let grown = SIMD4<Float>(
      pl > gl ? -ih : 0, pr < gr ? ih : 0, pt > gt ? -iw : 0, pb < gb ? iw : 0)
    let intersections = meets ? grown : .zero
    let areas = SIMD4<Float>(-(pb - pt), pb - pt, -(pr - pl), pr - pl)
    let unions = areas - intersections
    var edges = (union * intersections - intersection * unions) / (union * union)
    if self == .giou {
      let frame = Frame(p, g)
      let frames = SIMD4<Float>(
        pl < gl ? -frame.height : 0, pr > gr ? frame.height : 0, pt < gt ? -frame.width : 0,
        pb > gb ? frame.width : 0)
      let area = frame.width * frame.height
      if area > 0 { edges += (area * unions - union * frames) / (area * area) }
    }
    return BoxPull(
      x: edges[0] + edges[1], y: edges[2] + edges[3], width: edges[1] - edges[0],
      height: edges[3] - edges[2])
  }
}

/// The smallest box around two.
private struct Frame {
  let width: Float
  let height: Float

  init(_ a: Box, _ b: Box) {
    width = max(a.x + a.width / 2, b.x + b.width / 2) - min(a.left, b.left)
    height = max(a.y + a.height / 2, b.y + b.height / 2) - min(a.top, b.top)
  }

  /// Adds the derivatives of `-(squared distance) / (squared diagonal)`.
  func add(to pull: inout BoxPull, _ p: Box, _ g: Box) {
    let diagonal = width * width + height * height
    guard diagonal > 0 else { return }
    let distance = (g.x - p.x) * (g.x - p.x) + (g.y - p.y) * (g.y - p.y)
    let squared = diagonal * diagonal
    let right: Float = p.x + p.width / 2 > g.x + g.width / 2 ? 1 : 0
    let left: Float = p.left < g.left ? 1 : 0
    let bottom: Float = p.y + p.height / 2 > g.y + g.height / 2 ? 1 : 0
    let top: Float = p.top < g.top ? 1 : 0
    pull.x += (2 * (g.x - p.x) * diagonal + 2 * width * (right - left) * distance) / squared
    pull.y += (2 * (g.y - p.y) * diagonal + 2 * height * (bottom - top) * distance) / squared
    pull.width += width * (right + left) * distance / squared
    pull.height += height * (bottom + top) * distance / squared
  }
}

/// How the proportions of a prediction differ from a truth's.
private struct Proportions {
  /// Of the angles whose tangents are width over height.
  let difference: Float
  private var loss: Float { 4 / (.pi * .pi) * difference * difference }

  init(_ p: Box, _ g: Box) {
    difference = arctangent(g.width / g.height) - arctangent(p.width / p.height)
  }

  func weight(iou: Float) -> Float { loss / (1 - iou + loss + 1e-6) }
  func penalty(iou: Float) -> Float { weight(iou: iou) * loss }
}
