import PenumbraCompute
import PenumbraSupport

/// The trained numbers of a network: mapped from a file or made from a seed, read-only, shared by
/// every session.
public final class Weights: Sendable {
  public let header: WeightsHeader
  public let layout: WeightsLayout
  /// The file they came from, or how they were made.
  public let origin: String
  /// How many layers the file held; all of them unless it is a cut-off backbone, else the N of its
  /// `.conv.N`.
  public let loadedLayers: Int

  /// Keeps alive what `pointers` point into.
  private let file: MappedFile?
  private let owned: [OwnedFloats]
  private let parameters: ParameterBuffer?
  /// One a layout entry. Nobody writes through them.
  private nonisolated(unsafe) let pointers: [UnsafePointer<Float>]

  /// The numbers of one tensor, as long as the weights live.
  public func pointer(_ id: ParameterID) -> UnsafePointer<Float> {
    pointers[layout.firstEntry[id.layer] + id.index]
  }

  /// The numbers of one tensor.
  public func values(_ id: ParameterID) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: pointer(id), count: layout[id].parameter.count)
  }

  /// Lets go of the file's pages that hold a layer's numbers, when kernels have packed what they need.
  func release(layer: Int) {
    guard let file, let start = file.bytes.baseAddress else { return }
    let first = layout.firstEntry[layer]
    let end = layer + 1 < layout.firstEntry.count ? layout.firstEntry[layer + 1] : pointers.count
    for entry in first..<end {
      let offset = UnsafeRawPointer(pointers[entry]) - start
      guard (0..<file.bytes.count).contains(offset) else { continue }
      file.release(offset..<offset + 4 * layout.entries[entry].parameter.count)
    }
  }

  /// Whether the numbers are still those of the file that was opened.
  ///
  /// Kernels read numbers from the mapped file as they need them. Ask after what was computed with
  /// them and before it is used.
  ///
  /// - Throws: `WeightsError` when the file was truncated or written to since.
  public func checkUnchanged() throws(WeightsError) { try file?.checkUnchanged() }

  /// Of the whole file's bytes; nil where the numbers come from none.
  var fileChecksum: UInt64? {
    file.map { file in
      defer { file.release(0..<file.bytes.count) }
      return Checksum.of(file.bytes)
    }
  }

  /// None at all: for kernels that are made before there are any.
  init() {
    (header, layout, origin) = (WeightsHeader(seen: 0), .none, "nothing")
    (loadedLayers, file, owned, parameters, pointers) = (0, nil, [], nil, [])
  }

  // MARK: From a file

  /// Maps a file that fits the graph to the byte.
  ///
  /// - Parameters:
  ///   - allowsPartial: whether the file may end after some layer; the layers after it get their
  ///     initial values.
  ///   - layers: how many layers to read of a file that may hold more, of another head; nil for all.
  public init(
    contentsOf path: String, for graph: Graph, allowsPartial: Bool = false, upTo layers: Int? = nil
  ) throws(WeightsError) {
    let layout = WeightsLayout(graph)
    let file = try MappedFile(
      path, from: .named, largestStream: layers == nil ? layout.largestStream : .max)
    if let mismatch = FileRole.weights.mismatch(file.bytes) {
      throw WeightsError(path, .otherKind(mismatch))
    }
    guard let header = WeightsHeader(file.bytes) else {
      throw WeightsError(path, .noHeader(bytes: file.bytes.count))
    }
    guard header.isPlausible else {
      throw WeightsError(
        path,
        .implausibleVersion(major: header.major, minor: header.minor, revision: header.revision))
    }
    let wanted = layers.map { header.byteCount + 4 * layout.count(upTo: $0) }
    let fileBytes = min(file.bytes.count, wanted ?? .max)
    let fit = WeightsFit(layout, header, fileBytes: fileBytes)
    let isHeaderAlone = file.bytes.count <= header.byteCount
    let mayEndEarly = !isHeaderAlone && (allowsPartial || layers != nil)
    if let reason = fit.problem(graph, allowsPartial: mayEndEarly) {
      throw WeightsError(path, reason)
    }
    let payload = file.bytes.baseAddress.map { $0 + header.byteCount }
    let floats = (fileBytes - header.byteCount) / 4
    var owned: [OwnedFloats] = []
    var pointers: [UnsafePointer<Float>] = []
    for entry in layout.entries {
      guard let payload, let offset = entry.offset, offset + entry.parameter.count <= floats else {
        owned.append(try OwnedFloats(initial: entry, path))
        pointers.append(owned.last!.pointer)
        continue
      }
      let stored = (payload + 4 * offset).assumingMemoryBound(to: Float.self)
      guard let transposition = entry.parameter.transposition,
        transposition.applies(to: header)
      else {
        pointers.append(stored)
        continue
      }
      owned.append(
        try OwnedFloats(
          transposing: stored, rows: transposition.rows, columns: transposition.columns, path))
      pointers.append(owned.last!.pointer)
    }
    self.header = header
    self.layout = layout
    self.file = file
    self.owned = owned
    parameters = nil
    self.pointers = pointers
    origin = path
    loadedLayers =
      floats == layout.count ? graph.nodes.count : layout.cutOff(floats: floats)?.lowerBound ?? 0
  }

  // MARK: From parameters in training

  /// The numbers that stand in a buffer: they change when it does.
  public init(_ parameters: ParameterBuffer, header: WeightsHeader, origin: String = "training") {
    self.header = header
    layout = parameters.layout
    self.origin = origin
    file = nil
    owned = []
    self.parameters = parameters
    pointers = layout.entries.map { UnsafePointer(parameters.pointer($0.id)) }
    loadedLayers = layout.firstEntry.count
  }

  // MARK: From a seed

  /// Weights by the rule of the golden cases, so that any network runs without a file.
  ///
  /// Number k of the file is drawn from `splitmix(seed, k)` and scaled by its role.
  public init(seed: UInt64, for graph: Graph) throws(WeightsError) {
    let layout = WeightsLayout(graph)
    let origin = "seed \(seed)"
    let generator = SplitMix(seed: seed)
    var owned: [OwnedFloats] = []
    for entry in layout.entries {
      guard let offset = entry.offset else {
        owned.append(try OwnedFloats(initial: entry, origin))
        continue
      }
      let parameter = entry.parameter
      let buffer = try OwnedFloats(count: parameter.count, origin)
      let values = buffer.mutablePointer
      parallelFor(parameter.count / 65536 + 1, threads: ThreadPool.processors) { chunk in
        for i in chunk * 65536..<min((chunk + 1) * 65536, parameter.count) {
          values[i] = parameter.seeded(generator.u(offset + i))
        }
      }
      // The rule numbers the file's order; memory holds matrices the other way round then.
      if let transposition = parameter.transposition, transposition.condition == .always {
        owned.append(
          try OwnedFloats(
            transposing: buffer.pointer, rows: transposition.rows, columns: transposition.columns,
            origin))
      } else {
        owned.append(buffer)
      }
    }
    header = WeightsHeader(seen: 32_013_312)
    self.layout = layout
    self.origin = origin
    self.owned = owned
    file = nil
    parameters = nil
    pointers = owned.map(\.pointer)
    loadedLayers = graph.nodes.count
  }
}

extension Parameter {
  /// The number that `u`, from 0 to 1, stands for. Source: the golden cases' rule.
  func seeded(_ u: Double) -> Float {
    switch role {
    case .biases: Float(0.2 * u - 0.1)
    case .scales: Float(0.75 + 0.5 * u)
    case .rollingMean: Float(0.4 * u - 0.2)
    case .rollingVariance: Float(0.5 + u)
    case .weights, .constants:
      Float((2 * u - 1) * 0.8 * (6 / Double(max(fanIn, 1))).squareRoot())
    case .mixingWeights: Float(0.25 + 0.5 * u)
    }
  }

  /// What the number starts as when no file holds it. Source: Darknet `convolutional_layer.c`.
  package func initial(_ u: Double) -> Float {
    switch role {
    case .biases, .rollingMean, .rollingVariance, .constants: 0
    case .scales, .mixingWeights: 1
    case .weights: Float((2 * u - 1) * (2 / Double(max(fanIn, 1))).squareRoot())
    }
  }
}

extension Parameter.Transposition {
  func applies(to header: WeightsHeader) -> Bool { condition == .always || header.isTransposed }
}

/// Numbers that no file maps: made up, or stored the other way round.
final class OwnedFloats: Sendable {
  private let buffer: AlignedBuffer<Float>
  /// Written only before the object is shared.
  nonisolated(unsafe) let mutablePointer: UnsafeMutablePointer<Float>

  var pointer: UnsafePointer<Float> { UnsafePointer(mutablePointer) }

  init(count: Int, _ path: String) throws(WeightsError) {
    do throws(ComputeError) {
      buffer = try AlignedBuffer<Float>(count: count, zeroed: false)
    } catch {
      throw WeightsError(path, .noMemory(bytes: saturatingProduct(4, count)))
    }
    mutablePointer = buffer.baseAddress
  }

  convenience init(initial entry: WeightsLayout.Entry, _ path: String) throws(WeightsError) {
    let parameter = entry.parameter
    try self.init(count: parameter.count, path)
    let generator = SplitMix(seed: UInt64(entry.id.layer))
    for i in 0..<parameter.count { mutablePointer[i] = parameter.initial(generator.u(i)) }
  }

  convenience init(
    transposing stored: UnsafePointer<Float>, rows: Int, columns: Int, _ path: String
  ) throws(WeightsError) {
    try self.init(count: rows * columns, path)
    for row in 0..<rows {
      for column in 0..<columns {
        mutablePointer[column * rows + row] = stored[row * columns + column]
      }
    }
  }
}

extension Weights {
  /// Fills a network's input by the rule of the golden cases: value k is drawn from
  /// `splitmix(seed, k)`, 0 to 1.
  public static func fillInput(_ input: UnsafeMutableBufferPointer<Float>, seed: UInt64) {
    let generator = SplitMix(seed: seed)
    for k in input.indices { input[k] = Float(generator.u(k)) }
  }
}
