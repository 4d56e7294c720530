/// The light that reaches the camera where nothing is in its way.
struct Light: Sendable {
  private let colour: SIMD3<Float>
  /// Change across the picture, from its middle.
  private let slope: SIMD2<Float>
  private let centre: SIMD2<Float>
  private let vignette: Float
  private let cloud: Noise
  private let cloudiness: Float
  private let warmth: Noise

  init(_ random: SceneRandom, _ view: View) {
    var random = random
    // Nearly always the grey of a white-balanced microscope; now and then beige or bluish.
    let grey = SIMD3<Float>(0.785, 0.785, 0.765)
    let casts: [SIMD3<Float>] = [
      SIMD3(), SIMD3(0.035, -0.005, -0.04), SIMD3(-0.03, 0.005, 0.03), SIMD3(-0.01, 0.02, -0.015),
    ]
    let cast = casts[random.choice([50, 18, 16, 16])] * random.share()
    colour = (grey + cast) * random.uniform(0.95...1.1)
    slope = random.direction() * random.uniform(0...0.09) / view.size.y
    centre =
      view.size * 0.5 + SIMD2(random.normal(), random.normal()) * view.size * 0.1
    vignette = random.chance(0.7) ? random.uniform(0.02...0.16) : 0
    cloud = Noise(&random, grain: 190)
    cloudiness = random.uniform(0.01...0.05)
    warmth = Noise(&random, grain: 260)
  }

  /// - Parameter place: in units.
  @inline(__always) func callAsFunction(
    _ place: SIMD2<Float>, inverseReach: Float
  ) -> SIMD3<Float> {
    let from = place - centre
    let reach = (from.x * from.x + from.y * from.y) * inverseReach
    let level =
      1 + slope.x * from.x + slope.y * from.y - vignette * reach
      + cloudiness * (cloud(place.x, place.y) - 0.5)
    let warm = 0.02 * (warmth(place.x, place.y) - 0.5)
    return colour * level * SIMD3(1 + warm, 1, 1 - warm)
  }
}
