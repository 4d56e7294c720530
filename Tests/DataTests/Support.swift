import Foundation
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraImaging
import TestSupport

extension TemporaryFolder {
  /// What a file holds.
  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }
}

/// A picture that is black but for white rectangles.
func picture(_ width: Int, _ height: Int, white boxes: [Box]) -> Bitmap {
  var bytes = [UInt8](repeating: 0, count: width * height * 3)
  for box in boxes {
    let columns =
      Int(
        (box.left * Float(width)).rounded())..<Int(
        ((box.left + box.width) * Float(width)).rounded())
    let rows =
      Int(
        (box.top * Float(height)).rounded())..<Int(
        ((box.top + box.height) * Float(height)).rounded())
    for y in rows {
      for x in columns {
        for k in 0..<3 { bytes[(y * width + x) * 3 + k] = 255 }
      }
    }
  }
  return Bitmap(width: width, height: height, bytes: bytes)
}

/// Boxes that stand on pixels of a picture of 80 by 60, one a picture.
let whiteBoxes = [
  Box(x: 0.5, y: 0.5, width: 0.4, height: 0.4), Box(x: 0.3, y: 0.4, width: 0.3, height: 0.5),
  Box(x: 0.7, y: 0.65, width: 0.35, height: 0.3), Box(x: 0.45, y: 0.3, width: 0.5, height: 0.3),
]

/// A data set of pictures with one white rectangle each, which is its box.
func whiteRectangles(_ folder: TemporaryFolder) throws -> DetectionDataSet {
  var items: [DetectionDataSet.Item] = []
  for (index, box) in whiteBoxes.enumerated() {
    let path = folder.file("\(index).png")
    try picture(80, 60, white: [box]).write(to: path)
    items.append(.init(image: path, boxes: [LabelledBox(classIndex: index, box: box)]))
  }
  return DetectionDataSet(items: items, classNames: ["a", "b", "c", "d"])
}

/// How well boxes enclose the bright pixels of an image.
struct Enclosure {
  /// Bright pixels more than two pixels outside of every box, as a share of all bright ones.
  let stray: Double
  /// The largest distance between an edge of a box and the bright pixels in it, in pixels.
  let slack: Double

  init(_ image: Image, _ boxes: [LabelledBox], brighterThan threshold: Float = 0.5) {
    let (w, h) = (Double(image.width), Double(image.height))
    let frames = boxes.map { labelled in
      let box = labelled.box
      return (
        left: Double(box.left) * w, top: Double(box.top) * h,
        right: Double(box.left + box.width) * w, bottom: Double(box.top + box.height) * h
      )
    }
    var bounds = frames.map { (left: $0.right, top: $0.bottom, right: $0.left, bottom: $0.top) }
    var (bright, outside) = (0, 0)
    for row in 0..<image.height {
      for column in 0..<image.width where image[0, row, column] > threshold {
        bright += 1
        let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
        var isInside = false
        for (index, frame) in frames.enumerated()
        where x > frame.left - 2 && x < frame.right + 2 && y > frame.top - 2 && y < frame.bottom + 2
        {
          isInside = true
          bounds[index].left = min(bounds[index].left, x - 0.5)
          bounds[index].right = max(bounds[index].right, x + 0.5)
          bounds[index].top = min(bounds[index].top, y - 0.5)
          bounds[index].bottom = max(bounds[index].bottom, y + 0.5)
        }
        if !isInside { outside += 1 }
      }
    }
    stray = bright == 0 ? 0 : Double(outside) / Double(bright)
    slack =
      zip(frames, bounds).map { frame, found in
        max(
          abs(frame.left - found.left), abs(frame.top - found.top), abs(frame.right - found.right),
          abs(frame.bottom - found.bottom))
      }.max() ?? 0
  }
}

/// The sections of a cfg.
func sections(_ text: String) -> [CfgFile.Section] {
  CfgFile(text: text, name: "test.cfg").sections
}
