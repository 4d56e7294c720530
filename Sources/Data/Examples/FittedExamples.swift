import PenumbraEngine
public import PenumbraImaging

/// Examples for a detector as it sees pictures in use: stretched or letterboxed, nothing at random.
///
/// Number by number in the order of the data set, or in the order in which training would take
/// them.
public struct FittedDetections: ExampleSource {
  public let preprocessing: Preprocessing
  private let examples: ExamplePictures<DetectionItem>

  /// - Parameters:
  ///   - shuffleSeed: the seed of an order drawn anew in every epoch; nil keeps that of the data
  ///     set.
  ///   - channels: of the network's input, 3 or 1.
  /// - Precondition: the data set has items, and the pictures are not cut.
  public init(
    _ data: DetectionDataSet, _ preprocessing: Preprocessing = .detector(.alexeyab),
    shuffleSeed: UInt64? = nil, channels: Int = 3, policy: FaultPolicy = .skip,
    memoryBytes: Int = 1 << 30
  ) {
    precondition(preprocessing.fit != .centerCrop, "a cut picture has lost boxes")
    self.preprocessing = preprocessing
    examples = ExamplePictures(
      data, shuffleSeed: shuffleSeed, channels: channels, orientation: preprocessing.orientation,
      policy: policy, memoryBytes: memoryBytes)
  }

  /// Examples of one epoch.
  public var count: Int { examples.count }
  public var pictures: PictureStore { examples.store }

  public func example(_ number: Int, width: Int, height: Int) throws -> Example {
    let (item, picture) = try examples.usable(from: examples.index(number))
    let bitmap = picture.bitmap
    let image = try prepare(
      Image(bitmap), width: width, height: height, channels: bitmap.channels, preprocessing)
    guard
      let place = preprocessing.placement(
        imageWidth: bitmap.width, imageHeight: bitmap.height, networkWidth: width,
        networkHeight: height)
    else { return Example(image: image, boxes: item.boxes) }
    return Example(image: image, boxes: item.boxes.map(place.placed))
  }
}

extension Placement {
  /// A box of the picture in shares of the network's input, where its pixels are.
  fileprivate func placed(_ labelled: LabelledBox) -> LabelledBox {
    guard letterbox else { return labelled }
    let (w, h) = (Float(networkWidth), Float(networkHeight))
    let (across, down) = (Float(newWidth) / w, Float(newHeight) / h)
    let box = labelled.box
    var placed = labelled
    placed.box = Box(
      x: box.x * across + Float(left) / w, y: box.y * down + Float(top) / h,
      width: box.width * across, height: box.height * down)
    return placed
  }
}

/// Examples for a classifier as it sees pictures in use: nothing at random.
public struct FittedClasses: ExampleSource {
  public let classes: Int
  public let preprocessing: Preprocessing
  private let labelSmoothing: Double
  private let examples: ExamplePictures<ClassificationItem>

  /// - Parameters:
  ///   - shuffleSeed: the seed of an order drawn anew in every epoch; nil keeps that of the data
  ///     set.
  ///   - channels: of the network's input, 3 or 1.
  ///   - labelSmoothing: the share of a target that goes to the other classes.
  /// - Precondition: the data set has items.
  public init(
    _ data: ClassificationDataSet, _ preprocessing: Preprocessing = .classifier(.alexeyab),
    shuffleSeed: UInt64? = nil, channels: Int = 3, labelSmoothing: Double = 0,
    policy: FaultPolicy = .skip, memoryBytes: Int = 1 << 30
  ) {
    self.labelSmoothing = labelSmoothing
    classes = data.classNames.count
    self.preprocessing = preprocessing
    examples = ExamplePictures(
      data, shuffleSeed: shuffleSeed, channels: channels, orientation: preprocessing.orientation,
      policy: policy, memoryBytes: memoryBytes)
  }

  /// Examples of one epoch.
  public var count: Int { examples.count }
  public var pictures: PictureStore { examples.store }

  public func example(_ number: Int, width: Int, height: Int) throws -> Example {
    let (item, picture) = try examples.usable(from: examples.index(number))
    let image = try prepare(
      Image(picture.bitmap), width: width, height: height, channels: picture.bitmap.channels,
      preprocessing)
    var shares = [Float](repeating: 0, count: classes)
    shares[item.classIndex] = 1
    return Example(image: image, classShares: smoothed(shares, by: labelSmoothing))
  }
}
