/// What is on every slide and no label names.
enum Debris: Sendable {
  /// A drop of air in a red cell: a dark, crooked ring, bright inside, thinner on the lit side.
  case bubble(at: SIMD2<Float>, outline: Outline, lit: SIMD2<Float>)
  /// Dust on the sensor or the cover glass: a small, thin ring.
  case dust(at: SIMD2<Float>, radius: Float)
  /// Out-of-focus dirt.
  case smudge(at: SIMD2<Float>, outline: Outline, density: Float)
  /// A crumb of dye.
  case crumb(at: SIMD2<Float>, radius: Float)
  /// A hair or scratch.
  case thread(through: [SIMD2<Float>], width: Float)

  func paint(on slide: Slide, _ stain: Stain) {
    switch self {
    case .bubble(let place, let outline, let lit): Self.bubble(slide, place, outline, lit)
    case .dust(let place, let radius): Self.dust(slide, place, radius)
    case .smudge(let place, let outline, let density):
      Self.blob(slide, place, outline, SIMD3(repeating: density), softness: 0.7 * outline.radius)
    case .crumb(let place, let radius):
      var random = SceneRandom(seed: UInt64(place.x.bitPattern), index: 0)
      let outline = Outline(&random, radius: radius, stretch: 1.2, dents: 0.1)
      let dye = stain.dye(violet: SIMD3(0.4, 0.7, 0.1), blue: SIMD3(0.6, 0.6, 0.05))
      Self.blob(slide, place, outline, dye, softness: stain.softness)
    case .thread(let points, let width): Self.thread(slide, points, width)
    }
  }

  private static func bubble(
    _ slide: Slide, _ centre: SIMD2<Float>, _ outline: Outline, _ lit: SIMD2<Float>
  ) {
    let dark = SIMD3<Float>(0.24, 0.42, 0.14)
    let width = min(outline.radius * 0.34, 2.2)
    outline.radii.withUnsafeBufferPointer { radii in
      let radii = radii.baseAddress!
      slide.paint(around: centre, outline.bounds, margin: 6) { pixel, place in
        let depth = Outline.distance(radii, place) - length(place)
        let ring = bell(depth / width)
        let inside = step(width * 0.7, width * 2, depth)
        pixel.cover(SIMD3(-0.06, 0.08, -0.05), inside * (0.35 + 0.45 * abs(lit.x)))
        let side = (lit.x * place.x + lit.y * place.y) / (length(place) + 1)
        pixel += SIMD4(dark * (ring * (0.75 - 0.55 * side)), 0)
      }
    }
  }

  private static func dust(_ slide: Slide, _ centre: SIMD2<Float>, _ radius: Float) {
    let bounds = SIMD4(-radius, -radius, radius, radius)
    slide.paint(around: centre, bounds, margin: 4) { pixel, place in
      let distance = length(place)
      let density = 0.32 * bell((distance - radius) / 1.1) - 0.12 * bell(distance / radius * 1.5)
      pixel += SIMD4(SIMD3(repeating: density), 0)
    }
  }

  private static func blob(
    _ slide: Slide, _ centre: SIMD2<Float>, _ outline: Outline, _ dye: SIMD3<Float>, softness: Float
  ) {
    outline.radii.withUnsafeBufferPointer { radii in
      let radii = radii.baseAddress!
      slide.paint(around: centre, outline.bounds, margin: softness) { pixel, place in
        let depth = Outline.distance(radii, place) - length(place)
        pixel += SIMD4(dye * step(-softness, softness, depth), 0)
      }
    }
  }

  private static func thread(_ slide: Slide, _ points: [SIMD2<Float>], _ width: Float) {
    for point in points {
      let reach = 3 * width
      slide.paint(around: point, SIMD4(-reach, -reach, reach, reach), margin: 0) { pixel, place in
        let distance = length(place)
        let density = 0.035 * bell(distance / width) - 0.018 * bell((distance - 2 * width) / width)
        pixel += SIMD4(SIMD3(repeating: density), 0)
      }
    }
  }
}
