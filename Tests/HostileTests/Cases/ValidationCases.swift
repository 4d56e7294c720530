import TestSupport

/// Predicted boxes that cannot be evaluated, found while a network trains.
extension HostileCase {
  static let validation = [
    ("negative sizes", "", "", "of the boxes found in validation have a negative size"),
    ("growing numbers", "object_scale=-1e9\n", "", "of the boxes found in validation"),
    ("numbers that are not finite", "", " --from big.weights", "validation at 1: map50 0.0000"),
  ].map { name, keys, start, message in
    HostileCase(
      "validation of boxes with \(name)",
      "train odd.cfg odd.data --iterations \(start.isEmpty ? 4 : 1) --validate-every 1"
        + " --validate-from 1 --output s --no-html" + start,
      status: 0, stderr: [message], absent: ["detection 1 has"],
      prepare: { folder in
        _ = try WritingFolder(filling: folder)
        try folder.write("0 0.5 0.5 0.25 0.5\n", to: "p/a.txt")
        try folder.write("person\n", to: "one.names")
        try folder.write(wide, to: "big.weights")
        try folder.write(
          "classes = 1\ntrain = train.txt\nvalid = train.txt\nnames = one.names\n", to: "odd.data")
        try folder.write(
          """
          [net]
          width=16
          height=12
          channels=3
          batch=1
          max_batches=20
          [connected]
          output=54
          activation=linear
          [detection]
          classes=1
          coords=4
          side=3
          num=1
          \(keys)
          """, to: "odd.cfg")
      })
  }

  /// Weights whose boxes are sure, and wider than any number of pixels.
  private static let wide: [UInt8] = {
    let boxes = (0..<9).flatMap { _ in [0.5, 0.5, 3e38, 0.3] as [Float] }
    let numbers = [Float](repeating: 1, count: 18) + boxes + [Float](repeating: 0, count: 54 * 576)
    return ([0, 2, 0, 0, 0] + numbers.map(\.bitPattern)).flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }()
}
