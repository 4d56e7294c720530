import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEvaluation
import PenumbraSupport

/// Two files of COCO to be held against each other, without a network.
struct COCOFileOptions: ParsableArguments {
  @Option(
    name: .customLong("coco-truth"), help: "COCO's ground truth: images, categories, annotations.",
    completion: .file(extensions: ["json"]))
  var truth: String?
  @Option(
    name: .customLong("coco-results"),
    help: "COCO's results: a list of image_id, category_id, bbox and score.",
    completion: .file(extensions: ["json"]))
  var results: String?
  @Option(help: "The folder of the images, for the pictures of --html.", completion: .directory)
  var images: String?

  func validate() throws {
    guard (truth == nil) == (results == nil) else {
      throw ValidationError("give both --coco-truth and --coco-results")
    }
  }

  var isGiven: Bool { truth != nil }

  func evaluated(_ judgement: JudgementOptions) throws -> DetectionFinding {
    guard let truthFile = truth, let resultsFile = results else {
      throw ValidationError("give both --coco-truth and --coco-results")
    }
    let truth = try COCOTruth(json: try Self.data(truthFile), name: truthFile)
    let results = try COCOResultsFile(json: try Self.data(resultsFile), name: resultsFile)
    let (images, leftOut) = try truth.evaluated(with: results)
    if leftOut > 0 {
      standardError(
        "\(resultsFile): warning: \(counted(leftOut, "result")) of categories that \(truthFile) does"
          + " not list; left out, as pycocotools does")
    }
    if truth.annotations.contains(where: { $0.id == 0 }) {
      standardError(
        "\(truthFile): note: an annotation has the id 0, which pycocotools never counts as found;"
          + " here it is one like any other")
    }
    let names = truth.classNames
    let located = self.images.map { folder in
      images.map { image in
        var image = image
        image.name = folder + "/" + image.name
        return image
      }
    }
    return DetectionFinding(
      heading: FindingHeading(truth: truthFile, results: resultsFile, names: names),
      images: located ?? images,
      evaluation: try evaluateDetections(
        located ?? images, classes: names.count, options: judgement.options(clipsBoxes: false)),
      hasPictures: self.images != nil)
  }

  private static func data(_ path: String) throws -> Data {
    Data(try readFile(path, limit: 4 << 30))
  }
}
