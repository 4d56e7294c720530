import Foundation
import PenumbraCompute
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport
import Synchronization

/// A data set of rendered scenes, as a folder.
///
/// The folder gets `images/scene_000000.jpg` and so on, `labels/scene_000000.txt` (one
/// `class cx cy w h` a line, centre and size as shares of the picture), `train.txt` and `val.txt`
/// (pictures by their paths from the folder), `cells.names` and `cells.data`. A picture is scene
/// number `index` of the seed; those to validate with follow those to train on, so that more
/// pictures of the same seed contain fewer.
public struct SceneFolder: Hashable, Sendable {
  public var seed: UInt64
  /// Pictures to train on, and to validate with.
  public var trainCount: Int
  public var validationCount: Int
  /// In pixels, within `Scene.sides`.
  public var width: Int
  public var height: Int
  public var options: SceneOptions

  public init(
    seed: UInt64, trainCount: Int, validationCount: Int, width: Int, height: Int,
    options: SceneOptions = SceneOptions()
  ) {
    self.seed = seed
    self.trainCount = trainCount
    self.validationCount = validationCount
    self.width = width
    self.height = height
    self.options = options
  }

  /// What was written.
  public struct Summary: Hashable, Sendable, Codable {
    public var train: Part
    public var validation: Part

    /// The pictures of one list.
    public struct Part: Hashable, Sendable, Codable {
      public var pictures: Int
      /// Boxes by the names of their classes.
      public var boxes: [String: Int]
    }
  }

  /// Renders all pictures and writes the folder.
  ///
  /// Everything is made in a temporary folder inside `path`, then moved to its place, `cells.data`
  /// last: where that file is, the set is whole. Only files of an earlier set are ever replaced.
  ///
  /// - Parameters:
  ///   - path: the folder; made where it does not exist.
  ///   - replacing: whether an earlier set in it may go.
  ///   - threads: how many render; does not change the result.
  ///   - progress: called with the number of pictures done, from several threads, in no order.
  /// - Throws: `SceneFolderError`, and then the folder holds what it held before.
  @discardableResult
  public func write(
    to path: String, replacing: Bool = false, threads: Int,
    progress: @Sendable (Int) -> Void = { _ in }
  ) throws(SceneFolderError) -> Summary {
    let place = try SceneFolderPlace(path, replacing: replacing)
    let boxes = try render(into: place.temporary, threads: threads, progress)
    try writeLists(into: place.temporary)
    try place.settle()
    return summary(boxes)
  }

  private var count: Int { trainCount + validationCount }

  private func name(_ index: Int) -> String {
    let digits = String(index)
    return "scene_" + String(repeating: "0", count: max(6 - digits.count, 0)) + digits
  }

  // MARK: Pictures

  private func render(
    into folder: String, threads: Int, _ progress: @Sendable (Int) -> Void
  ) throws(SceneFolderError) -> [[LabelledBox]] {
    let state = Mutex<(boxes: [[LabelledBox]], done: Int, error: SceneFolderError?)>(
      (Array(repeating: [], count: count), 0, nil))
    ThreadPool.shared.parallelFor(count, threads: threads) { index in
      guard state.withLock({ $0.error == nil }) else { return }
      do throws(SceneFolderError) {
        let boxes = try render(index, into: folder)
        let done = state.withLock {
          $0.boxes[index] = boxes
          $0.done += 1
          return $0.done
        }
        progress(done)
      } catch {
        state.withLock { $0.error = $0.error ?? error }
      }
    }
    return try state.withLock { state throws(SceneFolderError) in
      if let error = state.error { throw error }
      return state.boxes
    }
  }

  private func render(
    _ index: Int, into folder: String
  ) throws(SceneFolderError) -> [LabelledBox] {
    let scene = Scene(seed: seed, index: index, width: width, height: height, options: options)
    let rendered = scene.render()
    let picture = "\(folder)/images/\(name(index)).jpg"
    do {
      try Bitmap(rendered.image).write(
        to: picture, jpegQuality: scene.jpegQuality, durability: .process)
    } catch {
      throw SceneFolderError(.unpaintable(error.problem), path: picture)
    }
    let lines = rendered.boxes.map(Self.line).joined()
    try SceneFolderPlace.write(lines, to: "\(folder)/labels/\(name(index)).txt")
    return rendered.boxes
  }

  /// A line of a label file.
  private static func line(_ box: LabelledBox) -> String {
    let numbers = [box.box.x, box.box.y, box.box.width, box.box.height]
    return "\(box.classIndex) " + numbers.map(sixDecimals).joined(separator: " ") + "\n"
  }

  /// A share of 0 to 1 with six decimals.
  private static func sixDecimals(_ share: Float) -> String {
    let millionths = Int((Double(share) * 1e6).rounded())
    let rest = String(millionths % 1_000_000)
    return "\(millionths / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
  }

  // MARK: Lists

  private func writeLists(into folder: String) throws(SceneFolderError) {
    func list(_ indices: Range<Int>) -> String {
      indices.map { "images/\(name($0)).jpg\n" }.joined()
    }
    let names = Scene.classNames.map { $0 + "\n" }.joined()
    try SceneFolderPlace.write(names, to: folder + "/cells.names")
    try SceneFolderPlace.write(list(0..<trainCount), to: folder + "/train.txt")
    try SceneFolderPlace.write(list(trainCount..<count), to: folder + "/val.txt")
    let data = """
      classes = \(Scene.classNames.count)
      train = train.txt
      valid = val.txt
      names = cells.names
      backup = backup

      """
    try SceneFolderPlace.write(data, to: folder + "/cells.data")
  }

  private func summary(_ boxes: [[LabelledBox]]) -> Summary {
    func part(_ pictures: ArraySlice<[LabelledBox]>) -> Summary.Part {
      let all = pictures.joined()
      let counts = Scene.classNames.indices.map { index in
        (Scene.classNames[index], all.count { $0.classIndex == index })
      }
      return Summary.Part(
        pictures: pictures.count, boxes: Dictionary(uniqueKeysWithValues: counts))
    }
    return Summary(
      train: part(boxes[..<trainCount]), validation: part(boxes[trainCount...]))
  }
}

extension Scene {
  /// How well a camera of this scene keeps its pictures: 70 to 92 of 100.
  package var jpegQuality: Int {
    var random = SceneRandom(seed: seed, index: index).stream(4)
    return random.integer(70...92)
  }
}
