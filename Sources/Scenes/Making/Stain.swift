/// How a smear took its stain: densities of red, green and blue.
struct Stain: Sendable {
  /// Of a red cell where it is thickest.
  let haemoglobin: SIMD3<Float>
  /// Added to every dye of white cells and platelets, share by share.
  let strength: Float
  /// From violet, 0, to blue, 1.
  let blueness: Float
  /// How far red cells hide the ones below them: 0 adds them up, 1 shows the thickest alone.
  let hiding: Float
  /// How wide the edges of cells are, in units: the focus.
  let softness: Float
  /// The bright seam around cells, and the dark one inside.
  let seam: Float
  /// The colour of the dark seam, where lenses bend blue less than red.
  let fringe: SIMD3<Float>

  init(_ random: inout SceneRandom) {
    let (pink, brown, orange): (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>) = (
      [0.085, 0.285, 0.205], [0.150, 0.315, 0.330], [0.095, 0.290, 0.390]
    )
    haemoglobin =
      random.mix(random.mix(pink, brown), random.mix(brown, orange)) * random.uniform(0.62...1.15)
    strength = random.uniform(0.8...1.2)
    blueness = random.share()
    hiding = random.uniform(0.3...0.95)
    softness = random.uniform(1.2...3.2)
    seam = random.uniform(0.2...1)
    fringe = random.mix([0.05, 0.055, 0.05], [0.05, 0.075, -0.01])
  }

  /// A dye of nuclei and platelets, as far towards blue as this smear is.
  func dye(violet: SIMD3<Float>, blue: SIMD3<Float>, _ shift: Float = 0) -> SIMD3<Float> {
    let share = min(max(blueness + shift, 0), 1)
    return (violet + (blue - violet) * share) * strength
  }
}
