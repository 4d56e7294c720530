import PenumbraData
import PenumbraImaging
import TestSupport
import Testing

struct ClassExampleTests {
  private let folder: TemporaryFolder
  private let data: ClassificationDataSet

  /// Three pictures, each of one grey: class 0 is 60, class 1 is 120, class 2 is 180.
  init() throws {
    folder = try TemporaryFolder()
    var items: [ClassificationDataSet.Item] = []
    for index in 0..<3 {
      let path = folder.file("\(index).png")
      try Bitmap(
        width: 40, height: 30, bytes: [UInt8](repeating: UInt8(60 * (index + 1)), count: 3600)
      ).write(to: path)
      items.append(.init(image: path, classIndex: index))
    }
    data = ClassificationDataSet(items: items, classNames: ["a", "b", "c"])
  }

  @Test(arguments: [
    Augmentation.Mix.none, .mixup, .cutmix, .mosaic, .cutmixOrMosaic,
  ])
  func `labels are weighted by what is seen`(mix: Augmentation.Mix) throws {
    var augmentation = Augmentation.none
    augmentation.mix = mix
    let source = AugmentedClasses(data, augmentation, seed: 2)
    var mixed = 0
    for number in 0..<60 {
      let example = try source.example(number, width: 32, height: 24)
      let shares = try #require(example.classShares)
      #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
      let seen = example.image.pixels.reduce(0.0) { $0 + Double($1) } / Double(3 * 32 * 24)
      let meant = zip(shares, [60.0, 120, 180]).reduce(0.0) { $0 + Double($1.0) * $1.1 / 255 }
      // Along the rim a little of the black outside may be blended in.
      #expect(abs(seen - meant) < 1e-3, "\(mix) \(number)")
      if shares.max() ?? 1 < 1 { mixed += 1 }
    }
    #expect(mix == .none ? mixed == 0 : mixed > 10)
  }

  @Test func `smooths labels`() throws {
    var augmentation = Augmentation.none
    augmentation.labelSmoothing = 0.1
    let source = AugmentedClasses(data, augmentation, seed: 2)
    let shares = try #require(try source.example(0, width: 8, height: 8).classShares)
    #expect(shares.sorted() == [0.05, 0.05, 0.9])
  }

  @Test func `turns and scales about the middle, black outside`() throws {
    var augmentation = Augmentation.none
    augmentation.angle = 45
    let source = AugmentedClasses(data, augmentation, seed: 2)
    var blackCorners = 0
    for number in 0..<30 {
      let example = try source.example(number, width: 30, height: 30)
      let label = try #require(example.classShares?.firstIndex(of: 1))
      #expect(abs(example.image[0, 15, 15] - Float(60 * (label + 1)) / 255) < 1e-5)
      if example.image[0, 0, 0] == 0 { blackCorners += 1 }
    }
    #expect(blackCorners > 3)
  }

  @Test func `a turn of nothing is a plain cut of the middle`() throws {
    var generator = SeededGenerator(seed: 2)
    let bytes = (0..<32 * 32 * 3).map { _ in UInt8(generator.int(0...255)) }
    let bitmap = Bitmap(width: 32, height: 32, bytes: bytes)
    let path = folder.file("noise.png")
    try bitmap.write(to: path)
    let one = ClassificationDataSet(
      items: [.init(image: path, classIndex: 0)], classNames: ["a"])
    let image = try AugmentedClasses(one, .none, seed: 1).example(0, width: 32, height: 32).image
    #expect(worstError(image.pixels, Image(bitmap).pixels) < 0.1)
    // The loop for any direction, at an angle that moves nothing.
    var turned = Augmentation.none
    turned.angle = 1e-9
    let same = try AugmentedClasses(one, turned, seed: 1).example(0, width: 32, height: 32).image
    #expect(worstError(same.pixels, image.pixels) < 0.1)
  }

  @Test func `crops between the shortest and the longest side`() throws {
    // A left half of black and a right half of white: how much of each is seen depends on the
    // scale.
    let rows = [UInt8](repeating: 0, count: 60) + [UInt8](repeating: 255, count: 60)
    let path = folder.file("halves.png")
    try Bitmap(width: 40, height: 40, bytes: (0..<40).flatMap { _ in rows }).write(to: path)
    let one = ClassificationDataSet(
      items: [.init(image: path, classIndex: 0)], classNames: ["a"])
    var augmentation = Augmentation.none
    augmentation.shortSide = 2...2
    let source = AugmentedClasses(one, augmentation, seed: 1)
    let whites = try (0..<40).map { number in
      let pixels = try source.example(number, width: 20, height: 20).image.pixels
      return pixels.reduce(0, +) / Float(pixels.count)
    }
    #expect((whites.min() ?? 1) < 0.2 && (whites.max() ?? 0) > 0.8)
  }

  @Test func `in use a classifier sees the middle`() throws {
    let source = FittedClasses(data)
    let example = try source.example(4, width: 16, height: 16)
    #expect(example.classShares == [0, 1, 0])
    #expect(abs(example.image[0, 3, 3] - 120.0 / 255) < 1e-6)
  }
}
