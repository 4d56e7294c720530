/// A rectangle with edges in pixels, y downwards; pixel `i` covers `i` to `i + 1`.
package struct Rectangle: Hashable {
  package var left, top, right, bottom: Float

  package init(left: Float, top: Float, right: Float, bottom: Float) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  var width: Float { right - left }
  var height: Float { bottom - top }

  func grown(by margin: Float) -> Rectangle {
    Rectangle(
      left: left - margin, top: top - margin, right: right + margin, bottom: bottom + margin)
  }

  /// The common area of two rectangles, 0 if there is none.
  package func overlap(_ other: Rectangle) -> Float {
    let w = min(right, other.right) - max(left, other.left)
    let h = min(bottom, other.bottom) - max(top, other.top)
    return max(w, 0) * max(h, 0)
  }

  /// The part inside another rectangle, nil if nothing or no number is left.
  func clipped(to bounds: Rectangle) -> Rectangle? {
    guard left.isFinite, top.isFinite, right.isFinite, bottom.isFinite else { return nil }
    let clip = Rectangle(
      left: max(left, bounds.left), top: max(top, bounds.top),
      right: min(right, bounds.right), bottom: min(bottom, bounds.bottom))
    return clip.width > 0 && clip.height > 0 ? clip : nil
  }

  /// How far a point is outside (positive) or inside (negative) of the edge with round corners.
  func distance(x: Float, y: Float, radius: Float) -> Float {
    let dx = abs(x - (left + right) / 2) - width / 2 + radius
    let dy = abs(y - (top + bottom) / 2) - height / 2 + radius
    let outside = (max(dx, 0) * max(dx, 0) + max(dy, 0) * max(dy, 0)).squareRoot()
    return outside + min(max(dx, dy), 0) - radius
  }
}
