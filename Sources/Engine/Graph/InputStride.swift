/// How many pixels of the input one pixel of a network's coarsest map stands for.
struct InputStride {
  private let input: Shape
  private var width = 1
  private var height = 1

  init(input: Shape) { self.input = input }

  /// Counts the output of one more layer. Maps of one pixel say nothing: whatever the input, a global
  /// pool gives one.
  mutating func include(_ map: Shape) {
    guard input.isImage, map.isImage else { return }
    if map.width > 1 { width = max(width, Self.stride(of: map.width, input: input.width)) }
    if map.height > 1 { height = max(height, Self.stride(of: map.height, input: input.height)) }
  }

  /// Networks halve their maps: the stride is the power of two nearest to the ratio.
  static func stride(of map: Int, input: Int) -> Int {
    1 << max(0, Int((Double(input) / Double(map) * 2.0.squareRoot()).exponent))
  }

  /// What to write where two maps would be of one size if the stride divided the input; nil where
  /// that is not the reason that they differ.
  func advice(joining a: Shape, _ b: Shape) -> String? {
    guard input.isImage, a.isImage, b.isImage, min(a.width, a.height, b.width, b.height) > 0,
      Self.stride(of: a.width, input: input.width) == Self.stride(of: b.width, input: input.width),
      Self.stride(of: a.height, input: input.height)
        == Self.stride(of: b.height, input: input.height)
    else { return nil }
    var faults = [(side: "width", found: input.width, stride: width)]
    if input.height != input.width || height != width {
      faults.append((side: "height", found: input.height, stride: height))
    } else {
      faults[0].side = "width and height"
    }
    let texts = faults.filter { $0.found % $0.stride != 0 }.map { fault in
      let below = fault.found / fault.stride * fault.stride
      let choice = below > 0 ? "\(below) or \(below + fault.stride)" : "\(fault.stride)"
      return "\(fault.side) \(fault.found) is not a multiple of the network's stride"
        + " \(fault.stride): use \(choice)"
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }
}
