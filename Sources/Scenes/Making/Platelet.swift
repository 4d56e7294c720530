/// A platelet: a small, ragged, purple grain of a cell.
struct Platelet: Sendable {
  let centre: SIMD2<Float>
  let outline: Outline
  /// 0 to 1.
  let strength: Float
  let shift: Float
  /// Its focus beside the scene's; they float above the others.
  let blur: Float

  /// - Parameter radius: in units.
  init(_ random: inout SceneRandom, at centre: SIMD2<Float>, radius: Float) {
    self.centre = centre
    outline = Outline(
      &random, radius: radius, stretch: random.uniform(1...1.55), dents: 0.12, roughness: 0.02)
    strength = random.uniform(0.45...1)
    shift = random.uniform(-0.7...0.4)
    blur = random.chance(0.3) ? random.uniform(1.8...2.8) : random.uniform(0.9...1.5)
  }

  func paint(on slide: Slide, _ stain: Stain, _ random: SceneRandom) {
    var random = random
    let softness = min(stain.softness * blur * 1.1, outline.radius * 0.45)
    let grain = (Noise(&random, grain: 8), Noise(&random, grain: 4))
    let fray = Noise(&random, grain: 6)
    let dark = stain.dye(
      violet: SIMD3(0.46, 0.70, -0.02), blue: SIMD3(0.58, 0.50, -0.02), shift)
    let pale = stain.dye(
      violet: SIMD3(0.22, 0.32, -0.03), blue: SIMD3(0.24, 0.19, -0.03), shift)
    let radius = outline.radius
    outline.radii.withUnsafeBufferPointer { radii in
      let radii = radii.baseAddress!
      slide.paint(around: centre, outline.bounds, margin: softness + 7) { pixel, place in
        let depth =
          Outline.distance(radii, place) - length(place) + (fray(place.x, place.y) - 0.5) * 5
        let cover = step(-softness, softness, depth)
        // On a red cell it lies in a clearing.
        let clearing = step(-7, 0, depth) * pixel.w * 0.3
        pixel.cover(SIMD3(), clearing)
        guard cover > 0 else { return }
        let grains = 0.7 * grain.0(place.x, place.y) + 0.3 * grain.1(place.x, place.y)
        let core = step(0, 0.6, depth / radius) * step(0.15, 0.6, grains)
        pixel.cover((pale + (dark - pale) * (0.25 + 0.75 * core)) * strength, cover * 0.9)
      }
    }
  }
}
