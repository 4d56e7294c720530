import CStb

/// Text in one size, drawn with the strokes of stb_easy_font.
///
/// That font is made of square blocks. Drawn large, blurred by less than a stroke and cut at half
/// the darkness, its edges stay where they are while corners and diagonal steps become round.
struct Lettering {
  /// Pixels per unit of the font; a capital is 7 units high, a stroke 1 wide.
  let scale: Float

  /// Units from the top of capitals to the lowest descender.
  private static let lineUnits: Float = 10
  /// Samples per pixel and axis.
  private static let samples = 4

  init(capHeight: Float) { scale = capHeight / 7 }

  func width(of text: String) -> Float {
    glyphs(of: text).reduce(0) { $0 + $1.advance } * scale
  }

  /// The text with its capitals' top at the top of the mask.
  func mask(of text: String) -> Mask {
    let glyphs = glyphs(of: text)
    let unit = scale * Float(Lettering.samples)
    let advance = glyphs.reduce(0) { $0 + $1.advance }
    var mask = Mask(
      width: Int((advance * unit).rounded(.up)) + Lettering.samples,
      height: Int((Lettering.lineUnits * unit).rounded(.up)))
    var start: Float = 0
    for glyph in glyphs {
      for stroke in glyph.strokes {
        mask.cover(
          columns: span(start + stroke.left, start + stroke.right, unit),
          rows: span(stroke.top, stroke.bottom, unit))
      }
      start += glyph.advance
    }
    return rounded(mask, unit).reduced(by: Lettering.samples)
  }

  private func span(_ from: Float, _ to: Float, _ unit: Float) -> Range<Int> {
    Int((from * unit).rounded())..<Int((to * unit).rounded())
  }

  private func rounded(_ mask: Mask, _ unit: Float) -> Mask {
    let reach = max(1, Int(unit * 0.36))
    var smooth = mask.blurred(reach: reach).blurred(reach: reach)
    // A step over one sample would show; a ramp over a few is smooth and still sharp.
    for i in smooth.coverage.indices {
      smooth.coverage[i] = min(max((smooth.coverage[i] - 0.36) * 6, 0), 1)
    }
    return smooth
  }

  private struct Glyph {
    var strokes: [CStbStroke]
    var advance: Float
  }

  private func glyphs(of text: String) -> [Glyph] {
    text.utf8.filter { (32...126).contains($0) }.map { character in
      var advance: Float = 0
      let strokes = [CStbStroke](unsafeUninitializedCapacity: Int(CSTB_MAX_STROKES)) {
        $1 = Int(cstb_glyph(CChar(character), $0.baseAddress!, &advance))
      }
      return Glyph(strokes: strokes, advance: advance)
    }
  }
}
