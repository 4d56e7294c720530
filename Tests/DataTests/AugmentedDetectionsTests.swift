import PenumbraData
import PenumbraEngine
import PenumbraImaging
import TestSupport
import Testing

struct AugmentedDetectionsTests {
  private let folder: TemporaryFolder
  private let data: DetectionDataSet

  init() throws {
    folder = try TemporaryFolder()
    data = try whiteRectangles(folder)
  }

  static let augmentations: [(String, Augmentation)] = {
    func with(_ change: (inout Augmentation) -> Void) -> Augmentation {
      var augmentation = Augmentation.none
      change(&augmentation)
      return augmentation
    }
    return [
      ("none", .none), ("flip", with { $0.flip = true }), ("jitter", with { $0.jitter = 0.3 }),
      ("larger", with { $0.resize = 1.5 }), ("smaller", with { $0.resize = 0.6 }),
      ("letterbox", with { $0.letterBox = true }),
      (
        "colour",
        with {
          $0.hue = 0.1
          $0.saturation = 1.5
          $0.exposure = 1.5
        }
      ),
      ("mixup", with { $0.mix = .mixup }), ("mosaic", with { $0.mix = .mosaic }),
      (
        "everything",
        with {
          $0.flip = true
          $0.jitter = 0.3
          $0.resize = 1.5
          $0.letterBox = true
          $0.exposure = 1.5
          $0.mix = .mosaic
          $0.mosaicBound = true
        }
      ),
    ]
  }()

  @Test(arguments: augmentations)
  func `boxes follow their pixels`(name: String, augmentation: Augmentation) throws {
    let source = AugmentedDetections(data, augmentation, seed: 5)
    var boxes = 0
    for number in 0..<60 {
      let example = try source.example(number, width: 160, height: 128)
      // Of two blended pictures each is half as bright.
      let threshold: Float = augmentation.mix == .mixup ? 0.3 : 0.5
      let enclosure = Enclosure(example.image, example.boxes, brighterThan: threshold)
      #expect(enclosure.stray < 0.02, "\(name) \(number)")
      #expect(enclosure.slack < 2.5, "\(name) \(number) \(example.boxes)")
      boxes += example.boxes.count
    }
    #expect(boxes >= 60, "so few boxes prove nothing")
  }

  @Test func `boxes keep their classes and stay inside`() throws {
    var augmentation = Augmentation()
    augmentation.mix = .mosaic
    let source = AugmentedDetections(data, augmentation, seed: 5)
    var classes: Set<Int> = []
    for number in 0..<40 {
      for labelled in try source.example(number, width: 96, height: 96).boxes {
        classes.insert(labelled.classIndex)
        let box = labelled.box
        #expect(box.left > -1e-6 && box.top > -1e-6)
        #expect(box.left + box.width < 1.000001 && box.top + box.height < 1.000001)
        #expect(box.width * 96 >= 0.999 && box.height * 96 >= 0.999)
      }
    }
    #expect(classes == [0, 1, 2, 3])
  }

  @Test func `every epoch sees every picture once, in another order`() throws {
    let source = AugmentedDetections(data, .none, seed: 9)
    var orders: Set<[Int]> = []
    for epoch in 0..<6 {
      let order = try (0..<4).map {
        try source.example(epoch * 4 + $0, width: 32, height: 32).boxes[0].classIndex
      }
      #expect(order.sorted() == [0, 1, 2, 3])
      orders.insert(order)
    }
    #expect(orders.count >= 3)
  }

  @Test func `an example is the same whenever and with whatever memory it is made`() throws {
    var augmentation = Augmentation()
    (augmentation.mix, augmentation.hue, augmentation.gaussianNoise) = (.mosaic, 0.1, 20)
    let first = AugmentedDetections(data, augmentation, seed: 1)
    let second = AugmentedDetections(data, augmentation, seed: 1, memoryBytes: 0)
    let other = AugmentedDetections(data, augmentation, seed: 2)
    for number in [7, 3, 20, 3] {
      let (a, b) = (
        try first.example(number, width: 64, height: 64),
        try second.example(number, width: 64, height: 64)
      )
      #expect(a.image == b.image && a.boxes == b.boxes)
      #expect(try other.example(number, width: 64, height: 64).image != a.image)
    }
    #expect(second.pictures.heldBytes == 0 && first.pictures.heldBytes > 0)
  }

  @Test func `mirrors and mixes about half of the time`() throws {
    var augmentation = Augmentation.none
    augmentation.mix = .mosaic
    let source = AugmentedDetections(data, augmentation, seed: 4)
    let plain = AugmentedDetections(data, .none, seed: 4)
    let mixed = try (0..<100).filter {
      try source.example($0, width: 32, height: 32).image
        != plain.example($0, width: 32, height: 32).image
    }
    #expect((30...70).contains(mixed.count))
  }

  @Test func `looks at no more boxes than the head has room for`() throws {
    let box = LabelledBox(classIndex: 0, box: whiteBoxes[0])
    let crowd = (0..<50).map { index in
      var box = box
      box.classIndex = index
      return box
    }
    let crowded = DetectionDataSet(
      items: [.init(image: data.items[0].image, boxes: crowd)], classNames: ["a"])
    var augmentation = Augmentation.none
    augmentation.maxBoxes = 10
    let source = AugmentedDetections(crowded, augmentation, seed: 1)
    let picks = try (0..<2).map { number in
      try source.example(number, width: 32, height: 32).boxes.map(\.classIndex)
    }
    #expect(picks.allSatisfy { $0.count == 10 } && picks[0] != picks[1])
  }

  @Test func `blurs the background and keeps objects sharp`() throws {
    var augmentation = Augmentation.none
    augmentation.blur = 1
    let source = AugmentedDetections(data, augmentation, seed: 1)
    let plain = AugmentedDetections(data, .none, seed: 1)
    var changed = 0
    for number in 0..<30 {
      let (a, b) = (
        try source.example(number, width: 80, height: 60),
        try plain.example(number, width: 80, height: 60)
      )
      // Boxes stand on pixels here, so that what is sharp is white to the edge.
      #expect(Enclosure(a.image, a.boxes, brighterThan: 0.7).slack < 1)
      if a.image != b.image { changed += 1 }
    }
    #expect((4...18).contains(changed))
  }

  @Test func `noise has the deviation asked for`() throws {
    let path = folder.file("grey.png")
    try Bitmap(width: 8, height: 8, bytes: [UInt8](repeating: 128, count: 192)).write(to: path)
    var augmentation = Augmentation.none
    augmentation.gaussianNoise = 25
    let grey = DetectionDataSet(items: [.init(image: path, boxes: [])], classNames: ["a"])
    let source = AugmentedDetections(grey, augmentation, seed: 1)
    let deviations = try (0..<20).map { number in
      let pixels = try source.example(number, width: 100, height: 100).image.pixels
      let mean = pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count)
      let square = pixels.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      return (square / Double(pixels.count)).squareRoot() * 255
    }
    #expect(deviations.allSatisfy { $0 < 0.01 || abs($0 - 25) < 0.5 })
    #expect(Set(deviations.map { $0 > 1 }).count == 2)
  }

  @Test func `the next picture stands in for one that cannot be read, and it is recorded`() throws {
    var items = data.items
    items[1] = .init(image: folder.file("gone.png"), boxes: items[1].boxes)
    items[2] = .init(
      image: try folder.write([1, 2, 3], to: "junk.png"), boxes: items[2].boxes)
    let broken = DetectionDataSet(items: items, classNames: data.classNames)
    let source = AugmentedDetections(broken, .none, seed: 1)
    let classes = try (0..<8).map {
      try source.example($0, width: 16, height: 16).boxes[0].classIndex
    }
    #expect(classes.sorted() == [0, 0, 3, 3, 3, 3, 3, 3])
    #expect(source.pictures.faults.map(\.kind) == [.unreadableImage, .unreadableImage])
    // In the order in which they came up.
    #expect(Set(source.pictures.faults.map(\.file)) == [items[1].image, items[2].image])

    let strict = AugmentedDetections(broken, .none, seed: 1, policy: .stop)
    #expect(throws: DataError.self) {
      for number in 0..<4 { _ = try strict.example(number, width: 16, height: 16) }
    }
    let hopeless = DetectionDataSet(items: Array(items[1...2]), classNames: ["a"])
    let error = try #require(throws: DataError.self) {
      try AugmentedDetections(hopeless, .none, seed: 1).example(0, width: 16, height: 16)
    }
    #expect(error.description.contains("none of the 2 images here can be used"))
  }
}
