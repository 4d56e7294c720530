public import PenumbraCfg
public import PenumbraData
public import PenumbraEngine
public import PenumbraImaging

/// The data of a run: what to train on, and what to validate on.
public struct TrainingData {
  /// Images with what they show.
  public enum Images: Sendable {
    case detection(DetectionDataSet)
    case classification(ClassificationDataSet)

    fileprivate func limited(to limits: DecodingLimits) -> Images {
      switch self {
      case .detection(var data):
        data.limits = limits
        return .detection(data)
      case .classification(var data):
        data.limits = limits
        return .classification(data)
      }
    }
  }

  public private(set) var training: Images
  /// Nil where the data set has none of its own.
  public private(set) var validation: Images?
  /// Whether validation images are those of training, because the data set has no others.
  public let isValidatedOnTraining: Bool
  public let classNames: [String]
  /// The folder for weights and how often they are written, where a `.data` file says so.
  public let backup: String?
  public let saveWeights: Int?
  public let saveLast: Int?

  /// The data set that a path stands for, for a network.
  ///
  /// - Parameter validatesOnTraining: whether a data set without validation images is judged by those
  ///   it learns from, as in Darknet.
  /// - Throws: `DataError`; `TrainingError.otherClasses` where the network tells other classes apart.
  public init(
    _ path: String, for graph: Graph, policy: FaultPolicy = .skip, validatesOnTraining: Bool = false
  ) throws {
    let location = try DataLocation(path)
    var file: DataSetFile?
    var isSeparate = false
    switch location {
    case .data(let found):
      file = found
      isSeparate = try found.hasValidation
    case .classFolders(_, let valid, _): isSeparate = valid != nil
    case .list, .images: break
    }
    if graph.heads.isEmpty {
      let set = try ClassificationDataSet(path: path, part: .train, policy: policy)
      (classNames, training) = (set.classNames, .classification(set))
      validation =
        isSeparate
        ? .classification(
          try ClassificationDataSet(
            path: path, part: .valid, classNames: classNames, policy: policy))
        : validatesOnTraining ? training : nil
    } else {
      let set = try DetectionDataSet(path: path, part: .train, policy: policy)
      try set.requireBoxes(path)
      (classNames, training) = (set.classNames, .detection(set))
      validation =
        isSeparate
        ? .detection(
          try DetectionDataSet(path: path, part: .valid, classNames: classNames, policy: policy))
        : validatesOnTraining ? training : nil
    }
    isValidatedOnTraining = validation != nil && !isSeparate
    guard classNames.count == graph.classes else {
      throw TrainingError.otherClasses(
        network: graph.name, has: graph.classes, data: path, names: classNames.count)
    }
    backup = file?.backup
    saveWeights = try file?.count("saveweights")
    saveLast = try file?.count("savelast")
  }

  /// The same data with another limit for its pictures.
  public func limited(to limits: DecodingLimits) -> TrainingData {
    var data = self
    data.training = training.limited(to: limits)
    data.validation = validation?.limited(to: limits)
    return data
  }

  /// Everything that was found wrong with lists and labels; what two parts share is said once.
  public var faults: DataFaults { training.faults.union(validation?.faults ?? []) }

  /// The endless stream of examples that a network learns from.
  ///
  /// - Parameter isAugmented: whether pictures are changed at random as the cfg says.
  public func source(
    _ file: CfgFile, _ graph: Graph, seed: UInt64, isAugmented: Bool = true,
    policy: FaultPolicy = .skip
  ) throws -> any TrainingSource {
    let channels = graph.net.input.channels
    let net = file.sections[0]
    switch training {
    case .detection(let data):
      guard isAugmented else {
        return FittedDetections(
          data, .detector(.alexeyab, letterBox: graph.net.letterBox), shuffleSeed: seed,
          channels: channels, policy: policy)
      }
      let head = graph.heads.last.map { graph.nodes[$0.layer].section }
      return AugmentedDetections(
        data, try Augmentation(net: net, head: head), seed: seed, channels: channels,
        policy: policy)
    case .classification(let data):
      guard isAugmented else {
        // Smoothed targets are no change of the pictures.
        return try FittedClasses(
          data, shuffleSeed: seed, channels: channels,
          labelSmoothing: Hyperparameters(net: net).labelSmoothing.exactDouble, policy: policy)
      }
      return AugmentedClasses(
        data, try Augmentation(net: net), seed: seed, channels: channels, policy: policy)
    }
  }
}

extension TrainingData {
  /// A warning where pictures have more boxes than the head's `max` lets training see; nil where none
  /// has.
  public func warningOfCutBoxes(_ file: CfgFile, _ graph: Graph) throws -> String? {
    guard case .detection(let data) = training, let head = graph.heads.last else { return nil }
    let section = graph.nodes[head.layer].section
    let limit = try Augmentation(net: file.sections[0], head: section).maxBoxes
    let counts = data.items.map(\.boxes.count).filter { $0 > limit }
    guard let most = counts.max() else { return nil }
    let pictures = counts.count == 1 ? "1 picture has" : "\(counts.count) pictures have"
    return
      "\(pictures) more boxes than 'max=\(limit)' of [\(section.name)], up to \(most): each time"
      + " \(limit) of them are drawn at random, the others are treated as background\nhelp: write"
      + " max=\(most) in every head"
  }
}

extension TrainingData.Images {
  public var count: Int {
    switch self {
    case .detection(let data): data.items.count
    case .classification(let data): data.items.count
    }
  }

  public var faults: DataFaults {
    switch self {
    case .detection(let data): data.faults
    case .classification(let data): data.faults
    }
  }
}

/// A source of examples with an end to its epochs, and a record of the pictures it could not read.
public protocol TrainingSource: ExampleSource {
  /// Examples of one epoch.
  var count: Int { get }
  var pictures: PictureStore { get }
}

extension AugmentedDetections: TrainingSource {}
extension AugmentedClasses: TrainingSource {}
extension FittedDetections: TrainingSource {}
extension FittedClasses: TrainingSource {}
