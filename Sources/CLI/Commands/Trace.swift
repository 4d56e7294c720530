public import ArgumentParser
import Foundation
import Penumbra
import PenumbraCfg
import PenumbraEngine
public import PenumbraImaging
import PenumbraSupport
import PenumbraTraining

/// `penumbra trace`: what every layer computes, written down.
struct Trace: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes down what every layer of a network computes for one input.",
    discussion: """
      Writes DIR/trace.json (for each layer its shape, cost, statistics and 16 samples, and the
      boxes of a detector) and DIR/outputs.f32 (every layer's output as little-endian floats,
      channels first, one layer after another). 'penumbra compare' compares two of them. Numbers
      that are not finite are written as "nan", "inf" and "-inf"; boxes are left out then.

      EXAMPLE
        penumbra trace yolov4-tiny.cfg --weights yolov4-tiny.weights --image dog.jpg --out t
      """)

  @Argument(help: "The cfg file.") var cfg: String
  @OptionGroup var weights: WeightsOptions
  @OptionGroup(title: "Input") var input: InputOptions
  @OptionGroup(title: "Run") var execution: RunOptions

  @Option(help: "The confidence a box must exceed.") var thresh: Float = 0.25
  @Option(help: "The overlap above which the less confident of two boxes is dropped.")
  var nms: Float = 0.45
  @Option(help: "The folder to write to; made when missing.") var out: String

  func validate() throws {
    for (name, value) in [("--thresh", thresh), ("--nms", nms)] where !(0...1).contains(value) {
      throw ValidationError("\(name) is \(value), expected 0 to 1")
    }
  }

  func run() throws {
    var files = OutputPlan()
    files.reads(cfg: cfg, execution.cfgs)
    files.reads(weights: weights.file, execution.packing)
    files.reads(input.image ?? input.file, as: "the input")
    files.reads(execution.numbers.calibration, as: "the calibration file")
    for name in ["trace.json", "outputs.f32"] { try files.protects(out + "/" + name) }
    try makeFolder(out)
    for name in ["trace.json", "outputs.f32"] { try files.writes(out + "/" + name) }
    let lock = try locked(out)
    defer { withExtendedLifetime(lock) {} }
    let graph = try Graph(execution.cfgs.file(cfg), size: execution.size)
    let planOptions = try execution.planOptions(keepsAllOutputs: true)
    let network = try Network(
      graph: graph, weights: weights.load(for: graph, planOptions), options: planOptions)
    PackCacheOptions.report(network.plan)
    var session = try network.makeSession()
    let (fit, isLetterboxed) = try input.fill(&session)
    session.run()
    try network.plan.checkFilesUnchanged()

    var trace = PenumbraEngine.Trace(session, cfg: cfg)
    trace.weightsSeed = weights.file == nil ? weights.seed ?? 1 : nil
    trace.inputSeed = input.seedInForce
    if !graph.heads.isEmpty {
      let options = DetectionOptions(threshold: thresh, overlap: nms)
      do throws(DetectionError) {
        trace.record(
          try session.detections(fit: fit, options: options), fit: fit, options: options,
          isLetterboxed: isLetterboxed)
      } catch {
        guard case .notFinite(let layer, let section) = error else { throw error }
        standardError(
          "warning: layer \(layer) [\(section)] computed numbers that are not finite; the trace has"
            + " no boxes")
      }
    }
    try TraceFolder.write(trace, outputs: outputs(of: session), to: out)
    standardError("\(graph.nodes.count) layers written to \(out)/trace.json and \(out)/outputs.f32")
  }

  /// The two files of a trace are a pair: one run at a time writes them.
  private func locked(_ folder: String) throws -> FolderLock {
    do throws(FolderInUse) {
      return try FolderLock(folder)
    } catch {
      throw InputError(
        "\(folder.shownPath): another run is writing into this folder",
        help: "wait for its end, or choose another --out", status: .cannotCreate)
    }
  }

  private func outputs(of session: borrowing Session) -> Data {
    var data = Data()
    for layer in session.plan.graph.nodes.indices {
      unsafe session.withOutput(layer: layer) { unsafe data.append(Data(buffer: $0)) }
    }
    return data
  }
}

/// What a traced network is shown.
struct InputOptions: ParsableArguments {
  @Option(help: "A picture.") var image: String?
  @Option(name: .customLong("input"), help: "Raw little-endian floats: channels, height, width.")
  var file: String?
  @Option(name: .customLong("input-seed"), help: "Make up the input from this seed.")
  var seed: UInt64?
  @Option(help: "How a picture is fitted: alexeyab or pjreddie.") var preset = Preset.alexeyab
  @OptionGroup var size: PictureLimits

  func validate() throws {
    guard [image != nil, file != nil, seed != nil].count(where: { $0 }) <= 1 else {
      throw ValidationError("give one of --image, --input and --input-seed")
    }
  }

  var seedInForce: UInt64? { image == nil && file == nil ? seed ?? 7920 : nil }

  /// Fills a session's input.
  ///
  /// - Returns: what relates boxes to the image, or to the network's input where there is none.
  func fill(_ session: inout Session) throws -> (fit: ImageFit, isLetterboxed: Bool) {
    let shape = session.plan.graph.net.input
    if let image {
      var preprocessing = session.preprocessing(preset: preset)
      preprocessing.orientation = .ignore
      let picture = try Image(
        contentsOf: image,
        options: DecodingOptions(
          channels: shape.channels, orientation: .ignore, limits: size.limits))
      let fit = try session.load(picture, preprocessing)
      return (fit, preprocessing.fit == .letterbox)
    }
    try unsafe session.withInput { input in
      if let file {
        try unsafe fill(input, from: file)
      } else {
        unsafe Weights.fillInput(input, seed: seed ?? 7920)
      }
    }
    let fit = ImageFit(
      imageWidth: shape.width, imageHeight: shape.height, network: shape, isLetterboxed: false)
    return (fit, false)
  }

  private func fill(_ input: UnsafeMutableBufferPointer<Float>, from file: String) throws {
    let bytes = try readFile(file, limit: 1 << 32)
    guard bytes.count == 4 * input.count else {
      throw InputError(
        "\(file.shownPath): \(bytes.count) bytes, expected \(4 * input.count) for the network's input",
        help: "write channels x height x width little-endian 32-bit floats")
    }
    unsafe bytes.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(input).copyMemory(from: source)
    }
  }
}

extension Preset: ExpressibleByArgument {}
