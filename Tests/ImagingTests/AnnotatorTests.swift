import PenumbraImaging
import Testing

struct AnnotatorTests {
  private let grey = Bitmap(
    width: 200, height: 120, bytes: [UInt8](repeating: 90, count: 200 * 120 * 3))

  @Test(
    arguments: [
      (-300, 10, 100, 50), (400, 10, 100, 50), (10, -90, 50, 40), (10, 500, 50, 40),
      (10, 10, 0, 20), (10, 10, 20, -5), (.nan, 10, 20, 20), (10, .nan, 20, 20), (10, 10, .nan, 20),
      (10, 10, 20, .infinity), (-.infinity, 10, .infinity, 20), (3e38, 3e38, 3e38, 3e38),
    ] as [(Float, Float, Float, Float)])
  func `leaves out a box with nothing to see`(x: Float, y: Float, w: Float, h: Float) {
    #expect(Annotator().draw([box(x, y, w, h)], on: grey) == grey)
  }

  @Test(
    arguments: [
      (-50, -50, 300, 300), (150, 100, 500, 500), (-1e9, 20, 2e9, 30), (199, 119, 1, 1),
      (199.5, 0, 0.25, 0.25),
    ] as [(Float, Float, Float, Float)])
  func `draws what is inside of a box that is larger`(x: Float, y: Float, w: Float, h: Float) {
    let drawn = Annotator().draw([box(x, y, w, h)], on: grey)
    #expect(drawn != grey)
    #expect(drawn.bytes.count == grey.bytes.count)
  }

  @Test(arguments: [(1, 1), (3, 200), (200, 3), (20, 12), (30, 30)])
  func `draws on any size of picture`(width: Int, height: Int) {
    let picture = Bitmap(
      width: width, height: height, bytes: [UInt8](repeating: 90, count: width * height * 3))
    let drawn = Annotator().draw([box(0, 0, 500, 500, "a long name")], on: picture)
    #expect(drawn != picture)
  }

  @Test func `colors a grey picture`() {
    let picture = Bitmap(
      width: 40, height: 40, channels: 1, bytes: .init(repeating: 9, count: 1600))
    #expect(Annotator().draw([box(5, 5, 20, 20)], on: picture).channels == 3)
  }

  @Test func `gives a class the same color everywhere and its neighbors another`() {
    let colors = (0..<40).map { color(ofClass: $0) }
    #expect(Set(colors).count == 40)
    for (a, b) in zip(colors, colors.dropFirst()) {
      let difference = zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(difference > 120, "\(a) \(b)")
    }
    let other = Bitmap(width: 90, height: 300, bytes: [UInt8](repeating: 1, count: 90 * 300 * 3))
    #expect(color(ofClass: 7, on: other) == colors[7])
    _ = color(ofClass: -1)
    _ = color(ofClass: .max)
  }

  @Test func `puts the label above the box, or inside at the upper edge`() {
    let middle = Annotator().draw([box(50, 60, 60, 40, "dog")], on: grey)
    #expect(middle.pixel(52, 52) == color(ofClass: 0))
    #expect(middle.pixel(80, 75) == grey.pixel(80, 75))
    let top = Annotator().draw([box(50, 0, 100, 80, "dog")], on: grey)
    #expect(top.pixel(52, 8) == color(ofClass: 0))
  }

  @Test func `keeps a label inside the right edge`() {
    let drawn = Annotator().draw([box(190, 60, 30, 40, "dog")], on: grey)
    let row = (0..<200).filter { drawn.pixel($0, 54) != grey.pixel($0, 54) }
    #expect(row.count > 30)
    #expect(drawn.pixel(197, 54) == color(ofClass: 0))
  }

  @Test func `does not hide one label behind another`() {
    let one = Annotator().draw([box(50, 50, 60, 40, "dog", 0)], on: grey)
    let two = Annotator().draw(
      [box(50, 50, 60, 40, "dog", 0), box(50, 50, 60, 40, "cat", 5, confidence: 0.1)], on: grey)
    let plate = (35..<47).flatMap { y in (52..<90).map { (x: $0, y: y) } }
    #expect(plate.allSatisfy { one.pixel($0.x, $0.y) == two.pixel($0.x, $0.y) })
    #expect(one != two)
  }

  @Test(arguments: [
    ("Straße", "Strasse"), ("Äpfel", "AEpfel"), ("café", "cafe"), ("собака", "sobaka"),
    ("σκύλος", "skylos"), ("日本", "??"), ("tab\there", "tab here"), ("👩‍🚀", "?"),
    ("e\u{301}", "e"),
  ])
  func `spells what the font lacks`(label: String, spelled: String) {
    let wide = Bitmap(width: 300, height: 90, bytes: [UInt8](repeating: 90, count: 81000))
    func draw(_ label: String) -> Bitmap { Annotator().draw([box(9, 30, 80, 50, label)], on: wide) }
    #expect(draw(label) == draw(spelled))
    #expect(draw(label) != draw(spelled + "!"))
  }

  @Test func `writes the percentage only when there is one`() {
    func draw(_ confidence: Float) -> Bitmap {
      Annotator().draw([box(50, 60, 60, 40, "dog", confidence: confidence)], on: grey)
    }
    #expect(draw(0.5) != draw(.nan))
    #expect(draw(7) == draw(1))
    #expect(draw(0.501) == draw(0.499))
  }

  private func box(
    _ x: Float, _ y: Float, _ width: Float, _ height: Float, _ label: String = "dog",
    _ classIndex: Int = 0, confidence: Float = 0.5
  ) -> Annotation {
    Annotation(
      label: label, confidence: confidence, classIndex: classIndex, x: x, y: y, width: width,
      height: height)
  }

  /// Read from the middle of the left edge of a box without any text.
  private func color(ofClass index: Int, on picture: Bitmap? = nil) -> [UInt8] {
    let drawn = Annotator().draw(
      [box(20, 40, 50, 60, "", index, confidence: .nan)], on: picture ?? grey)
    return drawn.pixel(21, 70)
  }
}
