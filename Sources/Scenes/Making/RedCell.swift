/// A red cell: a disc, thinner in the middle.
struct RedCell: Sendable {
  var centre: SIMD2<Float>
  let outline: Outline
  /// How much thinner the middle is, 0 to 1.
  let pallor: Float
  /// Of the pale part, as a share of the radius: where it is, how large, how long.
  let pallorCentre: SIMD2<Float>
  let pallorSize: Float
  let pallorAxis: SIMD2<Float>
  let pallorStretch: Float
  /// Where the pale part begins to end, as a share of its size: 1 is a sharp edge.
  let pallorEdge: Float
  /// How thick the cell is, beside others.
  let thickness: Float
  /// Its focus beside the scene's.
  let blur: Float

  /// - Parameter radius: of the scene's cells, in units.
  init(_ random: inout SceneRandom, at centre: SIMD2<Float>, radius: Float) {
    self.centre = centre
    let size = radius * (1 + 0.08 * random.normal())
    switch random.choice([50, 28, 22]) {
    case 0:
      outline = Outline(
        &random, radius: size, stretch: random.uniform(1...1.14), dents: 0.03)
    case 1:
      outline = Outline(
        &random, radius: size, stretch: random.uniform(1.1...1.5), dents: 0.05)
    default:
      outline = Outline(
        &random, radius: size * 0.96, stretch: random.uniform(1...1.4), dents: 0.11)
    }
    pallor = random.chance(0.58) ? random.uniform(0.45...0.97) : random.uniform(0...0.25)
    pallorCentre = random.direction() * random.uniform(0...0.14)
    pallorSize = random.uniform(0.34...0.7)
    pallorAxis = random.direction()
    pallorStretch = random.chance(0.2) ? random.uniform(1.4...2.4) : random.uniform(1...1.3)
    pallorEdge = random.uniform(0.4...0.85)
    thickness = random.chance(0.1) ? random.uniform(0.35...0.7) : 1 + 0.14 * random.normal()
    blur = random.chance(0.2) ? random.uniform(1.5...3) : random.uniform(0.8...1.4)
  }
}

extension RedCell {
  /// - Parameter texture: unevenness of haemoglobin.
  func paint(on slide: Slide, _ stain: Stain, texture: Noise) {
    let softness = stain.softness * blur
    let (haemoglobin, fringe) = (stain.haemoglobin * thickness, stain.fringe)
    let (hiding, seam) = (stain.hiding, stain.seam)
    let inverseRadius = 1 / outline.radius
    outline.radii.withUnsafeBufferPointer { radii in
      let radii = radii.baseAddress!
      slide.paint(around: centre, outline.bounds, margin: softness + 9) { pixel, place in
        let edge = Outline.distance(radii, place)
        let depth = edge - length(place)
        guard depth > -9 - softness else { return }
        let cover = step(-softness, softness, depth)
        let bright = bell((depth + softness + 1.5) / 2.6) * 0.05 * seam * (1 - pixel.w)
        guard cover > 0 else {
          pixel -= SIMD4(SIMD3(repeating: bright), 0)
          return
        }
        var thick = profile(place * (1 / edge), texture, place)
        thick *=
          1 + 0.12 * min(depth * inverseRadius * 2, 1)
          * (texture(place.x + centre.x, place.y + centre.y) - 0.5)
        let under = 1 - hiding * min(pixel.w, 1)
        let density =
          haemoglobin * (thick * cover * under)
          + fringe * (seam * bell((depth - softness - 1) / 2.6)) - bright
        pixel = SIMD4(
          pixel.x + density.x, pixel.y + density.y, pixel.z + density.z,
          max(pixel.w, cover * min(thick + 0.25, 1)))
      }
    }
  }

  /// How thick the cell is at a place, given as shares of the radius there.
  @inline(__always) private func profile(
    _ place: SIMD2<Float>, _ texture: Noise, _ units: SIMD2<Float>
  ) -> Float {
    let from = place - pallorCentre
    let along = from.x * pallorAxis.x + from.y * pallorAxis.y
    let across = from.x * pallorAxis.y - from.y * pallorAxis.x
    let distance = length(SIMD2(along, across * pallorStretch))
    let ring = step(pallorSize * pallorEdge, pallorSize * (2 - pallorEdge), distance)
    return (1 - pallor * (1 - ring)) * (0.93 + 0.07 * ring)
  }
}
