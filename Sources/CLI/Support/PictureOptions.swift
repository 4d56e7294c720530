public import ArgumentParser
import Penumbra
import PenumbraData
import PenumbraEngine
public import PenumbraImaging

/// A network and the pictures it is to see.
struct NetworkAndPictures: ParsableArguments {
  @Argument(help: "The cfg file.", completion: .file(extensions: ["cfg"])) var cfg: String
  @Argument(
    help: "The weights file; left out with --weights-seed.",
    completion: .file(extensions: ["weights"]))
  var weights: String
  @Argument(
    help: """
      Pictures: files, folders, patterns such as 'day*/?.jpg', @LIST (a file with a path a line), or \
      - (a path a line on stdin).
      """,
    completion: .file())
  var inputs: [String] = []

  @Flag(help: "Search the folders in a folder too.") var recursive = false
  @Option(
    name: .customLong("weights-seed"),
    help: "Make up weights from this seed (0 to 2^64 - 1), to try a cfg without a file.")
  var seed: UInt64?
  @Flag(help: "Accept a weights file that ends early, such as yolov4.conv.137.")
  var partial = false

  func validate() throws {
    guard !pictures.isEmpty else {
      throw ValidationError("name at least one picture after the weights, or - to read paths")
    }
  }

  /// With a seed there is no weights file, and what stands in its place is a picture.
  private var pictures: [String] { seed == nil ? inputs : [weights] + inputs }

  /// - Parameter overwrites: whether results of the run replace files.
  func inputList(overwrites: Bool = false) throws -> InputList {
    try InputList(
      pictures, isRecursive: recursive, readsAhead: overwrites || StandardOutput.isAdded)
  }

  /// - Throws: `InputError` when the arguments are in the wrong order, and what reading a cfg throws.
  func graph(_ execution: RunOptions) throws -> Graph {
    try ArgumentOrder.check(
      cfg: cfg, weights: seed == nil ? weights : nil, order: "CFG WEIGHTS INPUT...")
    return try Graph(execution.cfgs.file(cfg), size: execution.size)
  }

  /// - Parameter options: of the plan that is made next; what it cannot hold is not read.
  func load(for graph: Graph, _ options: PlanOptions) throws -> Weights {
    try Plan.checkWeights(of: graph, options)
    if let seed { return try Weights(seed: seed, for: graph) }
    return try Weights(contentsOf: weights, for: graph, allowsPartial: partial)
  }

  /// What a run over the pictures reads.
  ///
  /// - Parameter names: the class names, where they are used.
  func plan(
    _ inputs: InputList, _ options: PictureOptions, _ execution: RunOptions,
    names: ClassNames? = nil
  ) -> OutputPlan {
    var plan = OutputPlan()
    plan.reads(cfg: cfg, execution.cfgs)
    if pictures.contains("-") { plan.readsStandardInput() }
    if seed == nil { plan.reads(weights: weights, execution.packing) }
    plan.reads(execution.numbers.calibration, as: "the calibration file")
    plan.reads(options.data, as: "the .data file")
    plan.reads(names?.file, as: "the file of class names")
    let lists = pictures.filter { $0.hasPrefix("@") }.map { String($0.dropFirst()) }
    plan.reads(lists, as: "a list of pictures")
    plan.reads(inputs.knownPaths, as: "a picture")
    return plan
  }

  /// The class names: of a file, of a `.data` file, or of what lies beside cfg and weights.
  func names(_ options: PictureOptions, classes: Int) throws -> ClassNames {
    let file =
      try options.names
      ?? options.data.map { try DataSetFile($0).requiredFile("names", "labels") }
    return try ClassNames(
      file: file, besides: seed == nil ? [cfg, weights] : [cfg], classes: classes)
  }
}

/// How pictures are read and how many go through the network together.
struct PictureOptions: ParsableArguments {
  @Option(
    help: "Class names, one a line; else the one .names file beside cfg or weights.",
    completion: .file(extensions: ["names"]))
  var names: String?
  @Option(
    help: "A .data file whose 'names' says where the class names are.",
    completion: .file(extensions: ["data"]))
  var data: String?
  @Option(help: "How a picture is fitted to the network: as this Darknet does.")
  var preset = Preset.alexeyab
  @Option(
    help: """
      Whether the orientation noted in a photograph turns it, as in a Darknet built with OpenCV \
      (boxes then refer to the turned picture), or not, as in one built without.
      """)
  var exif = OrientationMode.apply
  @OptionGroup var size: PictureLimits
  @Option(help: "Pictures that go through the network together.") var batch = 1

  func validate() throws {
    guard names == nil || data == nil else {
      throw ValidationError("give --names or --data, not both")
    }
    guard (1...1024).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 1024")
    }
  }
}

/// How large a picture may be.
struct PictureLimits: ParsableArguments {
  @Option(
    name: .customLong("max-pixels"),
    help: "The most pixels of one picture, checked before it is decoded.")
  var maxPixels = DecodingLimits().pixels
  @Option(
    name: .customLong("max-input"),
    help: "The most bytes of one picture's file, such as 64M; of a pipe too, 256M at most.")
  var maxInput = ByteCount(bytes: DecodingLimits().fileBytes)

  func validate() throws {
    guard (1...DecodingLimits.highestPixels).contains(maxPixels) else {
      throw ValidationError(
        "--max-pixels is \(maxPixels), expected 1 to \(DecodingLimits.highestPixels)")
    }
    guard maxInput.bytes > 0 else {
      throw ValidationError("--max-input is 0, expected 1 byte or more")
    }
  }

  var limits: DecodingLimits { DecodingLimits(pixels: maxPixels, fileBytes: maxInput.bytes) }
}

extension OrientationMode: ExpressibleByArgument {}
