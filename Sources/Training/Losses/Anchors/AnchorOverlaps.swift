import PenumbraCompute
import PenumbraEngine

/// The boxes that one anchor predicts in all cells, and the best IoU of each with any truth.
///
/// The hot part of the loss: cells times anchors times truths. Its loops run over the cells of a
/// plane without branches, so that they become vector instructions.
struct AnchorOverlaps {
  private let left: UnsafeMutablePointer<Float>
  private let right: UnsafeMutablePointer<Float>
  private let top: UnsafeMutablePointer<Float>
  private let bottom: UnsafeMutablePointer<Float>
  private let area: UnsafeMutablePointer<Float>
  /// One a cell.
  let best: UnsafeMutablePointer<Float>
  private let count: Int

  /// Floats of scratch memory for `cells` cells.
  static func scratch(cells: Int) -> Int { 6 * cells }

  init(scratch: UnsafeMutablePointer<Float>, cells: Int) {
    count = cells
    left = scratch
    right = scratch + cells
    top = scratch + 2 * cells
    bottom = scratch + 3 * cells
    area = scratch + 4 * cells
    best = scratch + 5 * cells
  }

  /// Reads the boxes of an anchor, by its place in the mask.
  func decode(_ anchor: Int, _ out: AnchorOutput) {
    let (head, shape, planes) = (out.head, out.shape, out.head.planes)
    let size = head.allAnchors[head.mask[anchor]]
    // The widths stand in `area` and the heights in `best` until the edges are known.
    for (plane, side, target) in [
      (planes.width, size.width / Float(out.network.width), area),
      (planes.height, size.height / Float(out.network.height), best),
    ] {
      let values = out.output + out.offset(anchor, plane, 0)
      if head.usesNewCoordinates {
        for i in 0..<count { target[i] = 4 * values[i] * values[i] * side }
      } else {
        Kernels.current.exponential(values, into: target, count: count)
        for i in 0..<count { target[i] *= side }
      }
    }
    let (x, y) = (
      out.output + out.offset(anchor, planes.x, 0), out.output + out.offset(anchor, planes.y, 0)
    )
    let (columns, rows) = (1 / Float(shape.width), 1 / Float(shape.height))
    for row in 0..<shape.height {
      for column in 0..<shape.width {
        let i = row * shape.width + column
        let (w, h) = (area[i], best[i])
        let centerX = (Float(column) + x[i]) * columns + head.pointOffset * w
        let centerY = (Float(row) + y[i]) * rows + head.pointOffset * h
        left[i] = centerX - w / 2
        right[i] = centerX + w / 2
        top[i] = centerY - h / 2
        bottom[i] = centerY + h / 2
        area[i] = w * h
        best[i] = 0
      }
    }
  }

  /// Finds `best` among some boxes.
  func compare(with truths: UnsafeBufferPointer<Box>) {
    for truth in truths {
      let (l, r) = (truth.left, truth.x + truth.width / 2)
      let (t, b) = (truth.top, truth.y + truth.height / 2)
      let own = truth.width * truth.height
      for i in 0..<count {
        let width = (right[i] < r ? right[i] : r) - (left[i] > l ? left[i] : l)
        let height = (bottom[i] < b ? bottom[i] : b) - (top[i] > t ? top[i] : t)
        let intersection = (width > 0 ? width : 0) * (height > 0 ? height : 0)
        let iou = intersection / (area[i] + own - intersection)
        best[i] = iou > best[i] ? iou : best[i]
      }
    }
  }
}
