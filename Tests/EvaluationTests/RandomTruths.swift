import PenumbraEvaluation
import TestSupport

/// Made-up truths and results as COCO's files hold them: crowds, equal scores, images without objects,
/// objects of every size, categories without objects, and areas other than the boxes'.
struct RandomTruths {
  static let classes = 5
  /// Of the classes, in their order.
  static let categories = [1, 2, 7, 44, 90]

  private(set) var truth = ""
  private(set) var results = ""

  /// The numbers are the seed's alone, whatever the standard library makes of a generator.
  init(seed: UInt64) {
    var numbers = SeededGenerator(seed: seed)
    func share() -> Double { Double(numbers.next() >> 11) * 0x1p-53 }
    func below(_ count: Int) -> Int { Int(share() * Double(count)) }
    func pixels(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    var (images, annotations, found) = ([String](), [String](), [String]())
    for image in 0..<24 {
      let id = image * 37 % 101 + 1
      images.append("{\"id\":\(id),\"width\":640,\"height\":480,\"file_name\":\"\(id).jpg\"}")
      for _ in 0..<(image % 6 == 0 ? 0 : below(9)) {
        let side = [12.0, 25, 60, 140, 300][below(5)]
        let box = [share() * 500, share() * 350, side * (0.5 + share()), side * (0.5 + share())]
          .map(pixels)
        let area = share() < 0.5 ? box[2] * box[3] : pixels(box[2] * box[3] * (0.4 + share() / 2))
        let crowd = share() < 0.12 ? 1 : 0
        let category = Self.categories[below(Self.classes - 1)]
        annotations.append(
          "{\"id\":\(annotations.count + 1),\"image_id\":\(id),\"category_id\":\(category),"
            + "\"bbox\":\(box),\"area\":\(area),\"iscrowd\":\(crowd)}")
        for _ in 0..<below(4) {
          let shift = share() * 0.4
          let near = [
            box[0] + (share() - 0.5) * shift * box[2], box[1] + (share() - 0.5) * shift * box[3],
            box[2] * (1 + (share() - 0.5) * shift), box[3] * (1 + (share() - 0.5) * shift),
          ].map(pixels)
          let isRight = share() < 0.85
          found.append(
            Self.result(
              id, isRight ? category : Self.categories[below(Self.classes)], near,
              Double(below(21)) / 20))
        }
      }
      for _ in 0..<below(image == 5 ? 400 : 6) {
        let box = [share() * 600, share() * 400, 1 + share() * 200, 1 + share() * 200].map(pixels)
        found.append(
          Self.result(id, Self.categories[below(Self.classes)], box, Double(below(21)) / 20))
      }
    }
    let categories = Self.categories.map { "{\"id\":\($0),\"name\":\"class \($0)\"}" }
    truth = """
      {"images":[\(images.joined(separator: ",\n"))],
      "annotations":[\(annotations.joined(separator: ",\n"))],
      "categories":[\(categories.joined(separator: ",\n"))]}
      """
    results = "[\(found.joined(separator: ",\n"))]"
  }

  private static func result(
    _ image: Int, _ category: Int, _ box: [Double], _ score: Double
  ) -> String {
    "{\"image_id\":\(image),\"category_id\":\(category),\"bbox\":\(box),\"score\":\(score)}"
  }
}
