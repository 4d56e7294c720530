/// A white cell: a stained nucleus in pale, grainy plasma.
struct WhiteCell: Sendable {
  enum Kind: CaseIterable, Sendable {
    case neutrophil, eosinophil, lymphocyte, monocyte, basophil
  }

  let kind: Kind
  let centre: SIMD2<Float>
  let outline: Outline
  let nucleus: Nucleus
  /// How the dye varies from cell to cell.
  let strength: Float
  let shift: Float
  let blur: Float

  /// - Parameter scale: of all white cells of the scene.
  init(_ random: inout SceneRandom, at centre: SIMD2<Float>, scale: Float) {
    kind = Kind.allCases[random.choice([46, 24, 18, 9, 3])]
    self.centre = centre
    let radius = scale * random.uniform(Self.radii(of: kind))
    outline = Outline(
      &random, radius: radius, stretch: random.uniform(1...1.25), dents: 0.055, roughness: 0.006)
    nucleus = Nucleus(&random, kind, radius: radius)
    strength = random.uniform(0.85...1.15)
    shift = random.uniform(-0.25...0.25)
    blur = random.uniform(0.9...1.6)
  }

  /// In units.
  private static func radii(of kind: Kind) -> ClosedRange<Float> {
    switch kind {
    case .neutrophil: 76...117
    case .eosinophil: 70...113
    case .lymphocyte: 50...77
    case .monocyte: 86...120
    case .basophil: 80...108
    }
  }
}
