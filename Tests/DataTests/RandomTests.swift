import PenumbraCfg
import PenumbraData
import TestSupport
import Testing

struct MultiScaleTests {
  @Test func `has Darknet's largest size first and last`() {
    let scale = MultiScale(width: 416, height: 416, random: 1, maxBatches: 1000, seed: 3)
    #expect(scale.largest == (608, 608))
    for iteration in [0, 9, 900, 999] { #expect(scale.size(iteration: iteration) == (608, 608)) }
  }

  @Test func `changes every ten iterations, within its bounds, the same for a seed`() {
    let scale = MultiScale(width: 416, height: 320, random: 1, maxBatches: 100_000, seed: 3)
    var sizes: Set<Int> = []
    for ten in 1..<400 {
      let size = scale.size(iteration: ten * 10)
      sizes.insert(size.width)
      #expect(size == scale.size(iteration: ten * 10 + 9))
      #expect(size.width % 32 == 0 && size.height % 32 == 0)
      // 416 / 1.4 and 320 / 1.4, a step up; 1.4 times 416 and 320, a step up.
      #expect((320...608).contains(size.width) && (256...480).contains(size.height))
    }
    #expect(sizes.count >= 8)
    let other = MultiScale(width: 416, height: 320, random: 1, maxBatches: 100_000, seed: 4)
    #expect((1..<50).contains { other.size(iteration: $0 * 10) != scale.size(iteration: $0 * 10) })
  }

  @Test func `stays where the head does not ask for it`() throws {
    let file = sections("[net]\nwidth=96\nheight=64\n[yolo]\nrandom=0\n")
    let scale = try MultiScale(net: file[0], head: file[1], seed: 1)
    #expect(scale.size(iteration: 50) == (96, 64) && scale.largest == (96, 64))
  }

  /// The sizes listed are those that iterations have, no more and no fewer.
  @Test(arguments: [
    (416, 416, 1.0, 32), (416, 320, 1.0, 32), (64, 64, 1.5, 16), (64, 64, 0.5, 16),
    (100, 612, 1.2, 8), (96, 64, 0, 32),
  ])
  func `lists every size`(width: Int, height: Int, random: Double, step: Int) {
    let scale = MultiScale(width: width, height: height, random: random, step: step, seed: 3)
    let listed = Set(scale.sizes.map { [$0.width, $0.height] })
    #expect(listed.count == scale.sizes.count)
    let seen = Set(
      (0..<30_000).map { iteration -> [Int] in
        let size = scale.size(iteration: iteration * 10)
        return [size.width, size.height]
      })
    #expect(seen == listed)
  }

  @Test func `names the first size that a network cannot have, and the step that helps`() throws {
    let layers = """
      [convolutional]
      filters=4
      size=3
      stride=32
      pad=1
      activation=leaky
      [convolutional]
      filters=4
      size=3
      stride=2
      pad=1
      activation=leaky
      [upsample]
      stride=2
      [route]
      layers=-1,0
      [convolutional]
      filters=18
      size=1
      activation=linear
      [yolo]
      classes=1
      num=3
      anchors=1,1,2,2,3,3
      random=1

      """
    func misfit(_ net: String) throws -> Diagnostic? {
      let file = CfgFile(
        text: "[net]\nwidth=256\nheight=256\nchannels=3\n\(net)\n" + layers, name: "p6")
      return try MultiScale(net: file.sections[0], head: file.sections.last, seed: 1)
        .misfit(of: file)
    }
    let found = try #require(try misfit(""))
    #expect(found.problem.message.contains("the input becomes 224x224 in training"))
    #expect(found.problem.help == "write resize_step=64 in [net], or random=0")
    #expect(try misfit("resize_step=64") == nil)
  }

  @Test func `takes the factor and the step of the cfg`() throws {
    let file = sections("[net]\nwidth=64\nheight=64\nresize_step=16\n[yolo]\nrandom=1.5\n")
    let scale = try MultiScale(net: file[0], head: file[1], seed: 1)
    #expect(scale.largest == (112, 112))
    #expect((10..<500).allSatisfy { scale.size(iteration: $0).width % 16 == 0 })
  }
}

extension MultiScaleTests {
  @Test func `a factor below 1 enlarges by its inverse`() throws {
    let file = sections("[net]\nwidth=64\nheight=64\nresize_step=16\n[yolo]\nrandom=.5\n")
    let scale = try MultiScale(net: file[0], head: file[1], seed: 1)
    #expect(scale.largest == (144, 144) && scale.size(iteration: 0) == (144, 144))
    let widths = (10..<2000).map { scale.size(iteration: $0).width }
    #expect(widths.max() ?? 0 > 100 && widths.allSatisfy { $0 <= 144 })
  }

  @Test(arguments: [".05", "-1", "11"])
  func `a factor that no size survives is refused`(random: String) {
    let file = sections("[net]\nwidth=64\nheight=64\n[yolo]\nrandom=\(random)\n")
    let error = #expect(throws: CfgError.self) {
      try MultiScale(net: file[0], head: file[1], seed: 1)
    }
    #expect(error?.description.contains("test.cfg:5:8: error: 'random' is '\(random)'") == true)
  }
}

struct AugmentationKeysTests {
  @Test func `has Darknet's defaults`() throws {
    let file = sections("[net]\nwidth=416\nheight=416\n[yolo]\n")
    let found = try Augmentation(net: file[0], head: file[1])
    #expect(found == Augmentation())
    #expect(found.flip && found.jitter == 0.2 && found.maxBoxes == 200 && found.mix == .none)
  }

  @Test func `reads every key, from the section it belongs to`() throws {
    let file = sections(
      """
      [net]
      width=256
      height=128
      flip=0
      hue=.1
      saturation=1.5
      exposure = 1.4
      mosaic=1
      mosaic_bound=1
      blur=1
      gaussian_noise=200
      letter_box=1
      angle=7
      aspect=.75
      min_crop=128
      max_crop=448
      label_smooth_eps=0.1
      jitter=.9
      [yolo]
      jitter=.3
      resize=1.5
      max=90
      """)
    var expected = Augmentation()
    (expected.flip, expected.hue, expected.saturation, expected.exposure) = (false, 0.1, 1.5, 1.4)
    (expected.mix, expected.mosaicBound, expected.blur) = (.mosaic, true, 1)
    (expected.gaussianNoise, expected.letterBox) = (127, true)
    (expected.angle, expected.aspect, expected.labelSmoothing) = (7, 0.75, 0.1)
    expected.shortSide = 0.5...1.75
    (expected.jitter, expected.resize, expected.maxBoxes) = (0.3, 1.5, 90)
    #expect(try Augmentation(net: file[0], head: file[1]) == expected)
  }

  @Test(arguments: [
    ("mixup=1", Augmentation.Mix.mixup), ("mixup=2", .cutmix), ("mixup=3", .mosaic),
    ("mixup=4", .cutmixOrMosaic), ("cutmix=1", .cutmix), ("mosaic=1\nmixup=1", .mosaic),
    ("cutmix=1\nmosaic=1", .cutmixOrMosaic),
  ])
  func `knows how the mixes overrule each other`(keys: String, mix: Augmentation.Mix) throws {
    #expect(try Augmentation(net: sections("[net]\n" + keys)[0]).mix == mix)
  }

  @Test(arguments: [
    "hue=2", "saturation=0", "exposure=-1", "mixup=7", "min_crop=500\nmax_crop=400", "blur=x",
    "label_smooth_eps=1",
  ])
  func `refuses a value that cannot be meant, with its line`(keys: String) throws {
    let error = try #require(throws: CfgError.self) {
      try Augmentation(net: sections("[net]\n" + keys)[0])
    }
    #expect(error.description.hasPrefix("test.cfg:"))
    #expect(error.description.contains("expected"))
  }
}
