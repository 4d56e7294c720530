import PenumbraCompute

/// A direct convolution whose products are of bfloat16 or of bytes: strips of the input are converted
/// once, with zeros around them, and all filters pass over them.
struct ReducedConvolution: Kernel {
  private let kernels: ReducedKernels
  private let geometry: ConvolutionGeometry
  private let epilogue: PackedEpilogue
  private let units: FilterUnits
  private let weights: PackedFloats
  private let quantization: PackedQuantization?
  private let tasks: ThreadedTasks

  private static let taskProducts = 4_000_000
  /// Products of bytes, 255 · 127 each, whose sum is sure to fit into 32 bits.
  private static let mostByteProducts = 66_000

  /// Nil where this machine has no kernels for such products, or they gain nothing.
  init?(_ convolution: Convolution, _ epilogue: PackedEpilogue, _ weights: Weights)
    throws(PlanError)
  {
    guard let kernels = convolution.products.format.reducedKernels else { return nil }
    let geometry = convolution.geometry.asRow
    // Groups are filled up to whole blocks, with zeros.
    guard geometry.groups == 1 || geometry.channels / geometry.groups >= 2 * channelBlock else {
      return nil
    }
    let perFilter = geometry.channels / geometry.groups * geometry.size * geometry.size
    guard convolution.products.format != .int8 || perFilter <= Self.mostByteProducts else {
      return nil
    }
    self.kernels = kernels
    self.geometry = geometry
    self.epilogue = epilogue
    let units = FilterUnits(
      geometry, lanes: channelBlock, widths: Kernels.current.unitWidths,
      cellWords: channelBlock / kernels.wordChannels)
    self.units = units
    tasks = ThreadedTasks(
      geometry, units, elementBytes: kernels.elementBytes, taskProducts: Self.taskProducts)
    func pack<Element: BitwiseCopyable>(
      _ element: (_ filter: Int, _ value: Float) -> Element
    ) throws(PlanError) -> PackedFloats {
      try .words(
        convolution, units, weights, lanes: channelBlock, wordChannels: kernels.wordChannels,
        element)
    }
    switch convolution.products {
    case .fp32: return nil
    case .bf16:
      quantization = nil
      self.weights = try pack { filter, value in
        bfloat16(value * (epilogue.scales?[filter] ?? 1))
      }
    case .int8(let range):
      let packed = try PackedQuantization(convolution, range, epilogue, weights)
      quantization = packed
      self.weights = try pack { filter, value in packed.weight(value, filter) }
    }
  }

  var format: NumberFormat { quantization == nil ? .bf16 : .int8 }
  var algorithm: String? { "direct \(format.rawValue)" }

  // MARK: Scratch

  private var blocks: Int { (geometry.channels + channelBlock - 1) / channelBlock }
  private var offsetBytes: Int { (blocks * geometry.size * geometry.size + 15) / 16 * 64 }
  private func stripBytes(_ tasks: StripTasks) -> Int {
    let cells = blocks * tasks.inputCells(geometry)
    return (cells * channelBlock * kernels.elementBytes + 63) / 64 * 64
  }
  /// Whether several tasks pass over one strip, so that it is converted before them.
  private func sharesStrips(_ tasks: StripTasks) -> Bool { tasks.unitGroups > 1 }

  var threadScratchBytes: Int {
    offsetBytes + tasks.most { sharesStrips($0) ? 0 : stripBytes($0) }
  }
  var sharedScratchBytes: Int {
    tasks.most { sharesStrips($0) ? $0.strips * stripBytes($0) : 0 }
  }

  // MARK: Execution

  func run(_ call: borrowing KernelCall) {
    let tasks = tasks.of(threads: call.threads)
    guard sharesStrips(tasks) else { return runByStrips(call, tasks) }
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    let (shared, stripBytes) = (call.sharedScratch, stripBytes(tasks))
    let parts = min(blocks, 8)
    for n in 0..<call.batch {
      call.parallel(tasks.strips * parts) { index, _ in
        let (strip, part) = (index / parts, index % parts)
        convert(
          inputs[0].image(n), tasks.part(strip),
          blocks * part / parts..<blocks * (part + 1) / parts, into: shared + strip * stripBytes)
      }
      call.parallel(tasks.count) { index, thread in
        let (strip, group) = (index % tasks.strips, index / tasks.strips)
        convolve(
          shared + strip * stripBytes, tasks.part(strip), tasks.unitRange(group),
          epilogue.values(inputs, n), into: output.image(n),
          offsets: scratch.thread(thread))
      }
    }
  }

  private func runByStrips(_ call: borrowing KernelCall, _ tasks: StripTasks) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    call.parallel(call.batch * tasks.strips) { index, thread in
      let (n, strip) = (index / tasks.strips, index % tasks.strips)
      let offsets = scratch.thread(thread)
      let elements = offsets + offsetBytes
      let part = tasks.part(strip)
      convert(inputs[0].image(n), part, 0..<blocks, into: elements)
      convolve(
        elements, part, tasks.unitRange(0), epilogue.values(inputs, n), into: output.image(n),
        offsets: offsets)
    }
  }

  /// A strip: rows and columns of the output.
  private typealias Part = (rows: Range<Int>, columns: Range<Int>)

  private func convert(
    _ image: UnsafePointer<Float>, _ part: Part, _ blocks: Range<Int>,
    into elements: UnsafeMutableRawPointer
  ) {
    withQuantization {
      kernels.convert(
        geometry, image, $0, blocks: blocks, rows: part.rows, columns: part.columns,
        into: elements)
    }
  }

  private func convolve(
    _ elements: UnsafeRawPointer, _ part: Part, _ units: Range<Int>, _ epilogue: BlockedEpilogue,
    into image: UnsafeMutablePointer<Float>, offsets: UnsafeMutableRawPointer
  ) {
    self.units.units.withUnsafeBufferPointer { all in
      withQuantization {
        kernels.convolve(
          geometry, units: UnsafeBufferPointer(rebasing: all[units]), strip: elements, $0,
          weights: weights.base, epilogue, into: image, rows: part.rows, columns: part.columns,
          offsets: offsets)
      }
    }
  }

  private func withQuantization(_ body: (UnsafePointer<KernelQuantization>?) -> Void) {
    guard let quantization else { return body(nil) }
    withUnsafePointer(to: quantization.values) { body($0) }
  }
}
