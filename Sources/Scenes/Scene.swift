public import PenumbraEngine
public import PenumbraImaging

/// A blood smear under a microscope that never was: red cells, white cells and platelets, and where
/// they are.
///
/// A scene is a function of its seed, its index and its size alone: the same on every number of
/// threads, and whichever scenes were rendered before. At twice the size it shows the same cells,
/// twice as large.
///
/// ```swift
/// let scene = Scene(seed: 1, index: 0, width: 640, height: 480).render()
/// try Bitmap(scene.image).write(to: "smear.jpg", jpegQuality: 80)
/// ```
public struct Scene: Hashable, Sendable {
  /// The smallest and the largest side of a picture, in pixels.
  public static let sides = 32...4096
  /// What the boxes' classes are called, in the order of BCCD.
  public static let classNames = ["RBC", "WBC", "Platelets"]

  public let seed: UInt64
  public let index: Int
  public let width: Int
  public let height: Int
  public let options: SceneOptions

  /// - Precondition: both sides are within `sides`.
  public init(
    seed: UInt64, index: Int, width: Int, height: Int, options: SceneOptions = SceneOptions()
  ) {
    precondition(
      Self.sides.contains(width) && Self.sides.contains(height),
      "a scene of \(width)x\(height): sides are \(Self.sides.lowerBound) to \(Self.sides.upperBound)"
    )
    self.seed = seed
    self.index = index
    self.width = width
    self.height = height
    self.options = options
  }

  /// Draws the picture; about 30 ms for 640x480 on one thread.
  public func render() -> RenderedScene {
    let view = View(width: width, height: height)
    let random = SceneRandom(seed: seed, index: index)
    let smear = Smear(random.stream(1), view)
    let slide = Slide(view)
    smear.paint(on: slide)
    let light = Light(random.stream(2), view)
    let camera = Camera(random.stream(3))
    return RenderedScene(
      image: camera.photograph(slide, in: light), boxes: smear.boxes(options))
  }
}

/// What a scene leaves to its user.
public struct SceneOptions: Hashable, Sendable {
  /// A red cell or platelet is labelled if at least this share of it is seen: inside the picture,
  /// and under no other cell. White cells need half of that, because people mark even their slices.
  public var visibleShare: Float
  /// How far a box stands off its cell, as people leave room when they mark: in pixels of a
  /// 640x480 picture, more in larger ones.
  public var margin: Float

  public init(visibleShare: Float = 0.45, margin: Float = 4) {
    self.visibleShare = visibleShare
    self.margin = margin
  }
}

/// A picture and what is on it.
public struct RenderedScene: Sendable {
  /// Three planes, 0 to 1.
  public let image: Image
  /// The cells that are labelled; classes are indices of `Scene.classNames`.
  public let boxes: [LabelledBox]
}
