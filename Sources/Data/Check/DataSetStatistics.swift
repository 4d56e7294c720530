import PenumbraEngine
public import PenumbraImaging
import PenumbraSupport

/// What a data set consists of.
public struct DataSetStatistics: Sendable {
  /// The least, the quarters and the most of some numbers, with their mean.
  public struct Spread: Sendable, Encodable, Hashable {
    public let least, lowerQuarter, median, upperQuarter, most, mean: Double

    private enum CodingKeys: String, CodingKey {
      case least = "min"
      case lowerQuarter = "p25"
      case median = "p50"
      case upperQuarter = "p75"
      case most = "max"
      case mean
    }

    /// Nil of no numbers. A quarter is the nearest of the numbers, none between two.
    init?(_ values: [Double]) {
      guard !values.isEmpty else { return nil }
      let sorted = values.sorted()
      func at(_ share: Double) -> Double {
        sorted[Int((share * Double(sorted.count - 1)).rounded())]
      }
      (least, lowerQuarter, median) = (at(0), at(0.25), at(0.5))
      (upperQuarter, most) = (at(0.75), at(1))
      mean = values.reduce(0, +) / Double(values.count)
    }
  }

  /// Boxes by COCO's areas: small below 32², large from 96² pixels.
  public struct Areas: Sendable, Encodable, Hashable {
    public private(set) var small = 0
    public private(set) var medium = 0
    public private(set) var large = 0

    mutating func add(_ area: Double) {
      if area < 32 * 32 { small += 1 } else if area < 96 * 96 { medium += 1 } else { large += 1 }
    }
  }

  public struct SizeCount: Sendable, Encodable, Hashable {
    public let width, height, images: Int

    public init(width: Int, height: Int, images: Int) {
      (self.width, self.height, self.images) = (width, height, images)
    }
  }

  public struct ClassCount: Sendable, Encodable, Hashable {
    public let name: String
    public internal(set) var images: Int
    public internal(set) var boxes: Int
  }

  public struct Part: Sendable {
    public let name: String
    public let images: Int
    public let imagesWithoutBoxes: Int
    public let boxes: Int
    /// Pictures by their size, the commonest first.
    public let sizes: [SizeCount]
    public let classes: [ClassCount]
    public let boxesPerImage: Spread?
    /// At the size in which boxes are measured: the network's, or each picture's own.
    public let areas: Areas
    public let widths: Spread?
    public let heights: Spread?
    /// Width over height.
    public let aspects: Spread?
  }

  public let kind: DataSetCheck.Kind
  /// The size in which boxes are measured; nil is each picture's own.
  public let networkSize: PictureSize?
  public let parts: [Part]
  /// What was wrong; pictures whose size cannot be read among it.
  public let faults: DataFaults

  /// Reads the headers of all pictures.
  ///
  /// - Parameter networkSize: pictures are stretched to it before boxes are measured.
  public init(
    _ path: String, classNames: [String]? = nil, networkSize: PictureSize? = nil
  ) throws(DataError) {
    let sets = try LoadedParts(path, classNames: classNames)
    kind = sets.kind
    self.networkSize = networkSize
    var faults = sets.faults
    var parts: [Part] = []
    for part in sets.parts {
      var counter = StatisticsCounter(part, networkSize: networkSize)
      counter.count()
      parts.append(counter.result)
      faults += counter.faults
    }
    self.parts = parts
    self.faults = faults
  }
}

extension DataSetStatistics: Encodable {
  private enum CodingKeys: String, CodingKey {
    case kind, parts, faults
    case networkSize = "network_size"
  }

  private enum PartKeys: String, CodingKey {
    case name, images, boxes, sizes, classes, areas, widths, heights, aspects
    case imagesWithoutBoxes = "images_without_boxes"
    case boxesPerImage = "boxes_per_image"
  }

  /// Of faults only how many there are; of a classifier's parts nothing about boxes.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(networkSize, forKey: .networkSize)
    try container.encode(faults.total, forKey: .faults)
    var list = container.nestedUnkeyedContainer(forKey: .parts)
    for part in parts {
      var one = list.nestedContainer(keyedBy: PartKeys.self)
      try one.encode(part.name, forKey: .name)
      try one.encode(part.images, forKey: .images)
      try one.encode(part.sizes, forKey: .sizes)
      try one.encode(part.classes, forKey: .classes)
      guard kind == .detection else { continue }
      try one.encode(part.imagesWithoutBoxes, forKey: .imagesWithoutBoxes)
      try one.encode(part.boxes, forKey: .boxes)
      try one.encode(part.areas, forKey: .areas)
      try one.encodeIfPresent(part.boxesPerImage, forKey: .boxesPerImage)
      try one.encodeIfPresent(part.widths, forKey: .widths)
      try one.encodeIfPresent(part.heights, forKey: .heights)
      try one.encodeIfPresent(part.aspects, forKey: .aspects)
    }
  }
}

/// Counts one part.
private struct StatisticsCounter {
  private let part: LoadedParts.Part
  private let networkSize: PictureSize?
  private(set) var faults = DataFaults()
  private var sizes: [PictureSize: Int] = [:]
  private var classes: [DataSetStatistics.ClassCount]
  private var perImage: [Double] = []
  private var areas = DataSetStatistics.Areas()
  private var widths: [Double] = []
  private var heights: [Double] = []

  init(_ part: LoadedParts.Part, networkSize: PictureSize?) {
    self.part = part
    self.networkSize = networkSize
    let names = part.detection?.classNames ?? part.classification?.classNames ?? []
    classes = names.map { DataSetStatistics.ClassCount(name: $0, images: 0, boxes: 0) }
  }

  mutating func count() {
    for item in part.classification?.items ?? [] {
      guard size(item.image) != nil else { continue }
      classes[item.classIndex].images += 1
    }
    for item in part.detection?.items ?? [] {
      guard let size = size(item.image) else { continue }
      perImage.append(Double(item.boxes.count))
      for index in Set(item.boxes.map(\.classIndex)) { classes[index].images += 1 }
      for labelled in item.boxes {
        classes[labelled.classIndex].boxes += 1
        let measure = networkSize ?? size
        let width = Double(labelled.box.width) * Double(measure.width)
        let height = Double(labelled.box.height) * Double(measure.height)
        areas.add(width * height)
        widths.append(width)
        heights.append(height)
      }
    }
  }

  private mutating func size(_ path: String) -> PictureSize? {
    do throws(ImageError) {
      let size = try PictureSize(contentsOf: path, source: .found)
      sizes[size, default: 0] += 1
      return size
    } catch {
      faults.append(
        DataFault(.unreadableImage, file: path, error.problem, effect: .imageLeftOut))
      return nil
    }
  }

  var result: DataSetStatistics.Part {
    let ordered = sizes.sorted {
      ($1.value, $0.key.width, $0.key.height) < ($0.value, $1.key.width, $1.key.height)
    }
    return DataSetStatistics.Part(
      name: part.name, images: sizes.values.reduce(0, +),
      imagesWithoutBoxes: perImage.count { $0 == 0 }, boxes: widths.count,
      sizes: ordered.map { .init(width: $0.key.width, height: $0.key.height, images: $0.value) },
      classes: classes, boxesPerImage: .init(perImage), areas: areas, widths: .init(widths),
      heights: .init(heights), aspects: .init(zip(widths, heights).map { $0 / $1 }))
  }
}
