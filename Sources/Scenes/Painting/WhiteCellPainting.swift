/// The dyes of a white cell and how its plasma looks.
private struct Dyes {
  let nucleus: SIMD3<Float>
  let plasma: SIMD3<Float>
  let grains: SIMD3<Float>
  /// Size of the grains in units, how many there are (0 to 1), and how much they show.
  let grainSize: Float
  let grainShare: Float
  let grainStrength: Float
  /// How much of what lies below the plasma hides.
  let opacity: Float

  init(_ cell: WhiteCell, _ stain: Stain) {
    let (violet, blue) = (SIMD3<Float>(0.47, 0.78, 0.04), SIMD3<Float>(0.75, 0.90, 0.08))
    let pale = stain.dye(
      violet: SIMD3(0.07, 0.20, 0.02), blue: SIMD3(0.12, 0.19, -0.01), cell.shift)
    switch cell.kind {
    case .neutrophil:
      nucleus = stain.dye(violet: violet, blue: blue, cell.shift)
      (plasma, grains) = (pale, pale * SIMD3(1.7, 1.9, 1.2))
      (grainSize, grainShare, grainStrength, opacity) = (4.5, 0.5, 0.7, 0.86)
    case .eosinophil:
      nucleus = stain.dye(violet: violet * 0.92, blue: blue * 0.92, cell.shift)
      plasma = SIMD3(0.08, 0.30, 0.13) * stain.strength
      grains = SIMD3(0.20, 0.58, 0.27) * stain.strength
      (grainSize, grainShare, grainStrength, opacity) = (6, 0.55, 0.9, 0.95)
    case .lymphocyte:
      nucleus = stain.dye(
        violet: SIMD3(0.65, 0.90, 0.08), blue: SIMD3(1.05, 1.15, 0.18), cell.shift)
      plasma = stain.dye(
        violet: SIMD3(0.22, 0.30, 0), blue: SIMD3(0.36, 0.30, 0), cell.shift)
      (grains, grainSize, grainShare, grainStrength, opacity) = (plasma * 1.3, 6, 0.4, 0.5, 0.9)
    case .monocyte:
      nucleus = stain.dye(violet: violet * 0.8, blue: blue * 0.8, cell.shift)
      plasma = stain.dye(
        violet: SIMD3(0.17, 0.28, 0.02), blue: SIMD3(0.24, 0.25, 0), cell.shift)
      (grains, grainSize, grainShare, grainStrength, opacity) = (plasma * 0.6, 13, 0.4, 0.7, 0.9)
    case .basophil:
      nucleus = stain.dye(violet: violet * 0.85, blue: blue * 0.8, cell.shift)
      plasma = stain.dye(
        violet: SIMD3(0.28, 0.5, 0.03), blue: SIMD3(0.4, 0.5, 0.03), cell.shift)
      grains = stain.dye(violet: SIMD3(0.8, 1.2, 0.12), blue: SIMD3(1, 1.2, 0.15), cell.shift)
      (grainSize, grainShare, grainStrength, opacity) = (9, 0.6, 0.95, 0.92)
    }
  }
}

extension WhiteCell {
  func paint(on slide: Slide, _ stain: Stain, _ random: SceneRandom) {
    var random = random
    let dyes = Dyes(self, stain)
    let softness = stain.softness * blur
    let grain = Noise(&random, grain: dyes.grainSize)
    let chromatin = Noise(&random, grain: 10)
    let fine = Noise(&random, grain: 4)
    let cloud = Noise(&random, grain: 30)
    let fineGrain = Noise(&random, grain: dyes.grainSize * 0.55)
    let warp = (Noise(&random, grain: 22), Noise(&random, grain: 22))
    let fringe = Noise(&random, grain: 11)
    let melting = nucleus.melting
    let (overGrains, frayed): (Float, Float) =
      switch kind {
      case .basophil: (0.75, 9)
      case .eosinophil: (0.12, 5)
      case .lymphocyte: (0, 4)
      default: (0, 9)
      }
    let low = 1 - dyes.grainShare - 0.14
    let high = low + 0.28

    outline.radii.withUnsafeBufferPointer { radii in
      nucleus.lobes.withUnsafeBufferPointer { lobes in
        let radii = radii.baseAddress!
        slide.paint(around: centre, outline.bounds, margin: softness + frayed) { pixel, place in
          let (x, y) = (place.x, place.y)
          let fray = (fringe(x, y) - 0.5) * frayed
          let depth = Outline.distance(radii, place) - length(place) + fray
          let cover = step(-softness, softness + 1, depth)
          guard cover > 0 else { return }

          let grains = step(low, high, 0.65 * grain(x, y) + 0.35 * fineGrain(x, y))
          var plasma = dyes.plasma + (dyes.grains - dyes.plasma) * (grains * dyes.grainStrength)
          // The edge of the plasma is thin, but for a darker seam.
          plasma *=
            0.72 + 0.35 * (cloud(x, y) - 0.5) + 0.28 * step(0, 22, depth) + 0.22
            * bell((depth - softness - 2) / 3)
          pixel.cover(plasma, cover * dyes.opacity)

          let bent = SIMD2(x + (warp.0(x, y) - 0.5) * 11, y + (warp.1(x, y) - 0.5) * 11)
          let inside = Nucleus.depth(lobes, melting: melting, bent)
          let dark = step(-softness, softness + 0.8, min(inside, depth - 1))
          guard dark > 0 else { return }
          let clumps = step(0.3, 0.75, chromatin(x, y) * 0.7 + fine(x, y) * 0.3)
          var nuclear = dyes.nucleus * (strength * (0.76 + 0.30 * clumps))
          nuclear *= 0.9 + 0.1 * step(0, 9, inside)
          nuclear += (dyes.grains - nuclear) * (grains * overGrains)
          pixel.cover(nuclear, dark * 0.97)
        }
      }
    }
  }
}
