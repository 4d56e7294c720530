import PenumbraCompute
public import PenumbraImaging
import PenumbraSupport
import Synchronization

/// All that is wrong with a data set: its lists, labels and pictures, each of which is decoded.
public struct DataSetCheck: Sendable {
  public enum Kind: String, Sendable, Codable { case detection, classification }

  /// What was looked at, under one name.
  public struct Part: Sendable, Codable {
    public let name: String
    /// The list or the folder.
    public let source: String
    /// Images that can be used: of those that were decoded only the readable ones.
    public let images: Int
    public let boxes: Int
    /// Boxes, or images of classifiers, by class; of the images that can be used.
    public let perClass: [Int]

    private enum CodingKeys: String, CodingKey {
      case name, source, images, boxes
      case perClass = "per_class"
    }
  }

  public let kind: Kind
  public let classNames: [String]
  public let parts: [Part]
  /// By part, in the order of the lists; those of pictures last.
  public let faults: DataFaults
  /// How many faults of each kind there are, in the order of `DataFault.Kind`.
  public var counts: [(kind: DataFault.Kind, count: Int)] { faults.counts }

  /// Checks a `.data` file, a list or a folder.
  ///
  /// - Parameters:
  ///   - classNames: of a list or a folder of images, which name none themselves.
  ///   - decodes: whether every picture is decoded.
  ///   - threads: that decode.
  ///   - limits: how large a picture may be.
  ///   - budget: the memory that they may take together.
  ///   - progress: is told how many pictures were decoded, by the thread that did.
  /// - Throws: `DataError` for what cannot be checked at all.
  public init(
    _ path: String, classNames: [String]? = nil, decodes: Bool = true, threads: Int = 1,
    limits: DecodingLimits = DecodingLimits(), budget: DecodingBudget = DecodingBudget(),
    progress: @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(DataError) {
    let sets = try LoadedParts(path, classNames: classNames)
    kind = sets.kind
    self.classNames = sets.classNames
    let unreadable =
      decodes
      ? Self.unreadable(sets.parts.flatMap(\.pictures), limits, threads: threads, budget, progress)
      : (files: [], faults: [])
    parts = sets.parts.map { $0.summary(without: unreadable.files) }
    let shared = sets.isOneList ? [] : Self.shared(by: sets.parts)
    faults = sets.faults + shared + unreadable.faults
  }

  /// Pictures that are trained on and validated on.
  private static func shared(by parts: [LoadedParts.Part]) -> DataFaults {
    var faults = DataFaults()
    guard parts.count == 2 else { return faults }
    let known = Set(parts[0].pictures)
    for picture in parts[1].pictures where known.contains(picture) {
      faults.append(
        DataFault(
          .duplicateImage, file: picture,
          "this image is in both \(parts[0].source) and \(parts[1].source)",
          effect: .kept))
    }
    return faults
  }

  /// As many pictures are decoded before what is wrong with them is sorted.
  private static let block = 1 << 14

  private static func unreadable(
    _ pictures: [String], _ limits: DecodingLimits, threads: Int, _ budget: DecodingBudget,
    _ progress: @Sendable (Int, Int) -> Void
  ) -> (files: Set<String>, faults: DataFaults) {
    var seen: Set<String> = []
    let pictures = pictures.filter { seen.insert($0).inserted }
    let found = Mutex<(done: Int, faults: [Int: DataFault])>((0, [:]))
    var unreadable: (files: Set<String>, faults: DataFaults) = ([], [])
    for start in stride(from: 0, to: pictures.count, by: block) {
      parallelFor(min(block, pictures.count - start), threads: threads) { offset in
        let fault = fault(of: pictures[start + offset], limits, budget)
        let done = found.withLock { found in
          found.faults[start + offset] = fault
          found.done += 1
          return found.done
        }
        progress(done, pictures.count)
      }
      let faults = found.withLock { found in
        defer { found.faults = [:] }
        return found.faults.sorted { $0.key < $1.key }
      }
      for (index, fault) in faults {
        unreadable.files.insert(pictures[index])
        unreadable.faults.append(fault)
      }
    }
    return unreadable
  }

  private static func fault(
    of path: String, _ limits: DecodingLimits, _ budget: DecodingBudget
  ) -> DataFault? {
    do throws(ImageError) {
      _ = try budget.bitmap(path, DecodingOptions(limits: limits, source: .found))
      return nil
    } catch {
      return DataFault(.unreadableImage, file: path, error.problem, effect: .imageLeftOut)
    }
  }
}

extension DataSetCheck: Encodable {
  private enum CodingKeys: String, CodingKey {
    case kind, parts, counts, faults
    case classNames = "class_names"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    try container.encode(classNames, forKey: .classNames)
    try container.encode(parts, forKey: .parts)
    let counts = Dictionary(
      uniqueKeysWithValues: faults.counts.map { ($0.kind.rawValue, $0.count) })
    try container.encode(counts, forKey: .counts)
    try container.encode(faults, forKey: .faults)
  }
}
