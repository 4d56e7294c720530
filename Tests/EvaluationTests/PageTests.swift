import PenumbraEvaluation
import Testing

struct PageTests {
  private func page(_ evaluation: DetectionEvaluation, classes: Int) -> String {
    EvaluationPage(
      title: "a <net>", notes: ["x & y"], names: (0..<classes).map { "kind \($0)" }
    ).html(evaluation)
  }

  @Test func `draws a curve for each class that occurs, and one for all`() throws {
    let evaluation = try evaluateDetections(
      RandomTruths(seed: 2).images, classes: RandomTruths.classes)
    let html = page(evaluation, classes: RandomTruths.classes)
    // Four of five classes have objects; two charts.
    #expect(html.split(separator: "<polyline class=\"c").count - 1 == 8)
    #expect(html.split(separator: "<polyline class=\"all\"").count - 1 == 2)
    #expect(html.contains("<title>a &lt;net&gt;</title>") && html.contains("x &amp; y"))
    #expect(!html.contains("nan") && !html.contains("inf"))
  }

  @Test func `many classes have grey curves and a list of confusions`() throws {
    let images = (0..<60).map { index in
      image(
        [truth(0, 0, 50, 50, class: index)],
        [found(0.9, 0, 0, 50, 50, class: index == 7 ? 8 : index)], id: index)
    }
    let html = page(try evaluateDetections(images, classes: 60), classes: 60)
    #expect(html.split(separator: "<polyline class=\"c0\"").count - 1 == 2 * (60 - 8))
    #expect(html.contains("Most frequent confusions"))
    #expect(!html.contains("classes without objects"))
    let more = page(try evaluateDetections(images, classes: 64), classes: 64)
    #expect(more.contains("4 classes without objects are not shown"))
    #expect(html.contains("<td>kind 7</td><td>kind 8</td><td>1</td>"))
  }

  @Test func `nothing to measure makes a page too`() throws {
    let html = page(try evaluateDetections([], classes: 1), classes: 1)
    #expect(html.hasSuffix("</html>\n") && !html.contains("nan"))
  }

  @Test func `marks say what is missed, false and found`() throws {
    let image = image(
      [truth(0, 0, 50, 50), truth(100, 100, 50, 50)],
      [found(0.9, 0, 0, 50, 50), found(0.8, 300, 300, 50, 50)], name: "folder/a.jpg")
    let evaluation = try evaluateDetections([image], classes: 1)
    let picture = EvaluatedPicture(image, evaluation.images[0], names: ["cat"], source: "data:x")
    #expect(picture.caption == "1 missed, 1 false, 1 found")
    #expect(picture.marks.map(\.kind) == [.found, .missed, .wrong])
    #expect(picture.marks.map(\.label) == ["cat 90%", "cat", "cat 80%"])
  }
}
