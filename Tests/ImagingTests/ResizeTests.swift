import PenumbraImaging
import Testing

struct ResizeTests {
  @Test func `interpolates between aligned corners`() {
    let row = Image(width: 3, height: 1, channels: 1, pixels: [0, 10, 20])
    #expect(row.resized(width: 5, height: 1).pixels == [0, 5, 10, 15, 20])
    let column = Image(width: 1, height: 3, channels: 1, pixels: [0, 10, 20])
    #expect(column.resized(width: 1, height: 5).pixels == [0, 5, 10, 15, 20])
  }

  /// Pairs of heights from the table of affected sizes, and some that are not in it.
  @Test(arguments: [
    (240, 416, true), (427, 736, true), (1024, 256, true), (512, 448, true), (1280, 320, true),
    (1920, 384, true), (900, 832, true), (1024, 640, true), (960, 608, true), (512, 960, true),
    (480, 416, false), (427, 416, false), (720, 608, false), (600, 416, false), (375, 300, false),
  ])
  func `keeps the dark last row where rounding falls short`(from: Int, to: Int, isDark: Bool) {
    let white = Image(width: 2, height: from, channels: 1, filledWith: 1)
    let resized = white.resized(width: 2, height: to)
    #expect((resized[0, to - 1, 0] < 0.001) == isDark)
    #expect(resized[0, to - 2, 1] > 0.999)
  }

  @Test(arguments: [
    (7, 5, 13, 9), (13, 9, 7, 5), (640, 427, 416, 277), (320, 240, 416, 416), (1, 9, 4, 4),
    (9, 1, 4, 4), (1, 1, 3, 2), (31, 17, 31, 40), (31, 17, 8, 17), (100, 100, 2, 2),
  ])
  func `has the bits of the plain formula`(w: Int, h: Int, newWidth: Int, newHeight: Int) {
    let image = randomImage(w, h, channels: 2)
    let resized = image.resized(width: newWidth, height: newHeight)
    #expect(resized.pixels == plainResize(image, newWidth, newHeight))
  }

  @Test func `copies an image that has the size already`() {
    let image = randomImage(9, 6, channels: 3)
    #expect(image.resized(width: 9, height: 6) == image)
  }

  @Test func `takes the last column and row for a target of one pixel`() {
    let image = Image(width: 3, height: 2, channels: 1, pixels: [0, 1, 2, 3, 4, 5])
    #expect(image.resized(width: 1, height: 2).pixels == [2, 5])
    #expect(image.resized(width: 3, height: 1).pixels == [3, 4, 5])
    #expect(image.resized(width: 1, height: 1).pixels == [5])
  }
}

/// The formula written down once more, every row and column in full.
private func plainResize(_ image: Image, _ newWidth: Int, _ newHeight: Int) -> [Float] {
  let (w, h) = (image.width, image.height)
  let sw = Float(w - 1) / Float(newWidth - 1)
  let sh = Float(h - 1) / Float(newHeight - 1)
  var result: [Float] = []
  for k in 0..<image.channels {
    var part = Image(width: newWidth, height: h, channels: 1, filledWith: 0)
    for r in 0..<h {
      for c in 0..<newWidth {
        if c == newWidth - 1 || w == 1 {
          part[0, r, c] = image[k, r, w - 1]
        } else {
          let sx = Float(c) * sw
          let dx = sx - Float(Int(sx))
          part[0, r, c] = (1 - dx) * image[k, r, Int(sx)] + dx * image[k, r, Int(sx) + 1]
        }
      }
    }
    for r in 0..<newHeight {
      let sy = Float(r) * sh
      let dy = sy - Float(Int(sy))
      for c in 0..<newWidth {
        var value = (1 - dy) * part[0, Int(sy), c]
        if r != newHeight - 1 && h != 1 { value += dy * part[0, Int(sy) + 1, c] }
        result.append(value)
      }
    }
  }
  return result
}
