/// What one picture shows: the cells, in the order they lie on each other, and the dirt.
struct Smear: Sendable {
  let view: View
  let stain: Stain
  private(set) var red: [RedCell] = []
  private(set) var white: [WhiteCell] = []
  private(set) var platelets: [Platelet] = []
  private(set) var debris: [Debris] = []
  private let random: SceneRandom

  init(_ random: SceneRandom, _ view: View) {
    self.random = random
    self.view = view
    var random = random
    stain = Stain(&random)
    placeWhiteCells(random.stream(1))
    placeRedCells(random.stream(2))
    placePlatelets(random.stream(3))
    placeDebris(random.stream(4))
  }

  /// Draws from the bottom up.
  func paint(on slide: Slide) {
    var random = random.stream(5)
    let texture = Noise(&random, grain: 26)
    for item in debris where item.isBelow { item.paint(on: slide, stain) }
    for cell in red { cell.paint(on: slide, stain, texture: texture) }
    for (index, cell) in white.enumerated() {
      cell.paint(on: slide, stain, random.stream(100 + UInt64(index)))
    }
    for (index, cell) in platelets.enumerated() {
      cell.paint(on: slide, stain, random.stream(200 + UInt64(index)))
    }
    for item in debris where !item.isBelow { item.paint(on: slide, stain) }
  }

  // MARK: White cells

  private mutating func placeWhiteCells(_ random: SceneRandom) {
    var random = random
    let area = view.size.x * view.size.y / (640 * 480)
    // One in nearly every picture, as photographers see to it; more where a picture shows more.
    var count = [0, 1, 2, 3][random.choice([6, 82, 10, 2])]
    if area > 1.5 { count = Int((Float(count) * area).rounded()) }
    let scale = random.uniform(0.9...1.06)
    for _ in 0..<count {
      for _ in 0..<20 {
        let rim = random.chance(0.3) ? Float(-10) : 85
        let place = SIMD2(
          random.uniform(min(rim, view.size.x / 2)...max(view.size.x - rim, view.size.x / 2)),
          random.uniform(min(rim, view.size.y / 2)...max(view.size.y - rim, view.size.y / 2)))
        guard white.allSatisfy({ length($0.centre - place) > 190 }) else { continue }
        white.append(WhiteCell(&random, at: place, scale: scale))
        break
      }
    }
  }

  // MARK: Red cells

  private mutating func placeRedCells(_ random: SceneRandom) {
    var random = random
    let radius = random.uniform(43...57)
    let area = (view.size.x + 60) * (view.size.y + 60)
    let goal = Int(area / (radius * radius) * random.uniform(0.1...0.28))
    let chains = random.uniform(0.2...0.85)
    for _ in 0..<400 where red.count < goal {
      var place = SIMD2(
        random.uniform(-40...view.size.x + 40), random.uniform(-40...view.size.y + 40))
      guard add(&random, at: place, radius: radius, distance: 0.98), random.chance(chains) else {
        continue
      }
      // The next ones lie on it: in a row like coins, or in a heap.
      let isRow = random.chance(0.6)
      var direction = random.angle()
      for _ in 0..<random.integer(1...(isRow ? 5 : 6)) where red.count < goal {
        direction += isRow ? 0.35 * random.normal() : random.angle()
        let next = place + unitVector(direction) * radius * random.uniform(0.95...1.75)
        if add(&random, at: next, radius: radius, distance: 0.45) { place = next }
      }
    }
  }

  /// Adds a cell unless it would lie on another one's middle, or on a white cell.
  ///
  /// - Parameter distance: how near others may be, as a share of both radii.
  private mutating func add(
    _ random: inout SceneRandom, at place: SIMD2<Float>, radius: Float, distance: Float
  ) -> Bool {
    let isFree =
      red.allSatisfy { length($0.centre - place) > distance * (radius + $0.outline.radius) }
      && white.allSatisfy { length($0.centre - place) > 0.86 * (radius + $0.outline.radius) }
    if isFree { red.append(RedCell(&random, at: place, radius: radius)) }
    return isFree
  }

  // MARK: Platelets

  private mutating func placePlatelets(_ random: SceneRandom) {
    var random = random
    let area = view.size.x * view.size.y / (640 * 480)
    let few = random.choice([24, 20, 18, 14, 10, 6, 4])
    let count = random.chance(0.05) ? random.integer(7...12) : few
    let size = random.uniform(0.85...1.12)
    for _ in 0..<Int((Float(count) * max(area, 0.3)).rounded()) {
      for _ in 0..<20 {
        let radius =
          size * (random.chance(0.08) ? random.uniform(22...32) : random.uniform(12...20))
        var place = SIMD2(random.uniform(0...view.size.x), random.uniform(0...view.size.y))
        if let last = platelets.last, random.chance(0.3) {
          place = last.centre + random.direction() * random.uniform(30...70)
        }
        let isFree =
          white.allSatisfy { length($0.centre - place) > $0.outline.radius + radius }
          && platelets.allSatisfy {
            length($0.centre - place) > 0.9 * ($0.outline.radius + radius)
          }
        let onRed = red.contains { length($0.centre - place) < $0.outline.radius + 0.5 * radius }
        guard view.contains(place), isFree, !onRed || random.chance(0.2) else { continue }
        platelets.append(Platelet(&random, at: place, radius: radius))
        break
      }
    }
  }

  // MARK: Dirt

  private mutating func placeDebris(_ random: SceneRandom) {
    var random = random
    let size = view.size
    func anywhere() -> SIMD2<Float> {
      SIMD2(random.uniform(0...size.x), random.uniform(0...size.y))
    }
    for _ in 0..<random.integer(0...4) {
      debris.append(.dust(at: anywhere(), radius: random.uniform(2.5...6)))
    }
    for _ in 0..<random.choice([55, 30, 15]) {
      let radius = random.uniform(5...12)
      let outline = Outline(&random, radius: radius, stretch: random.uniform(1...2), dents: 0.1)
      debris.append(
        .smudge(at: anywhere(), outline: outline, density: random.uniform(0.12...0.35)))
    }
    for _ in 0..<random.choice([70, 15, 10, 5]) {
      debris.append(.crumb(at: anywhere(), radius: random.uniform(1.5...4)))
    }
    if random.chance(0.12) { debris.append(thread(&random)) }
    if random.chance(0.35) { addBubbles(&random) }
  }

  private mutating func addBubbles(_ random: inout SceneRandom) {
    let often = random.uniform(0.2...0.8)
    for cell in red where random.chance(often) {
      for _ in 0..<random.integer(1...2) {
        let place = cell.centre + random.direction() * random.uniform(0...0.6) * cell.outline.radius
        guard white.allSatisfy({ length($0.centre - place) > $0.outline.radius }) else { continue }
        let outline = Outline(
          &random, radius: random.uniform(3.5...9.5), stretch: random.uniform(1...1.9), dents: 0.14)
        debris.append(.bubble(at: place, outline: outline, lit: random.direction()))
      }
    }
  }

  private func thread(_ random: inout SceneRandom) -> Debris {
    var place = SIMD2(random.uniform(0...view.size.x), random.uniform(0...view.size.y))
    var (angle, bend) = (random.angle(), Float(0))
    let points = (0..<random.integer(80...260)).map { _ in
      bend = bend * 0.98 + 0.004 * random.normal()
      angle += bend
      place += unitVector(angle)
      return place
    }
    return .thread(through: points, width: random.uniform(0.8...1.6))
  }
}

extension Debris {
  /// Whether cells lie over it.
  fileprivate var isBelow: Bool {
    switch self {
    case .thread: true
    case .bubble, .dust, .smudge, .crumb: false
    }
  }
}
