import Penumbra
import PenumbraImaging
import PenumbraSupport

/// The last picture with its boxes, where Darknet leaves it.
///
/// A file that was there before the run may be a picture that is still to be named on stdin: it is
/// replaced when stdin has ended.
struct PredictionsSink: ResultSink {
  static let path = "predictions.jpg"

  private let names: ClassNames
  private var plan: OutputPlan
  private let isHeld: Bool
  private var held: Bitmap?
  private var written: FileIdentity?

  /// - Parameter mayBeNamed: whether paths of pictures come to light during the run.
  init(names: ClassNames, plan: OutputPlan, mayBeNamed: Bool) {
    (self.names, self.plan) = (names, plan)
    isHeld = mayBeNamed && isThere(Self.path)
  }

  mutating func add(_ picture: PictureResult<[Detection]>) throws {
    guard case .success(let seen) = picture.outcome, let bitmap = seen.bitmap else { return }
    if let written, FileStatus(picture.path)?.identity == written {
      throw WriteError(picture.path, .isInput("a picture"))
    }
    plan.reads([picture.path], as: "a picture")
    let drawn = annotated(bitmap, seen.found, names)
    if isHeld { held = drawn } else { try write(drawn) }
  }

  mutating func finish() throws {
    if let held { try write(held) }
  }

  /// A folder that may not be written is no reason to withhold the boxes.
  private mutating func write(_ bitmap: Bitmap) throws {
    try plan.protects(Self.path)
    do {
      try bitmap.write(to: Self.path)
      written = FileStatus(Self.path)?.identity
    } catch {
      standardError("warning: \(error)")
    }
  }
}
