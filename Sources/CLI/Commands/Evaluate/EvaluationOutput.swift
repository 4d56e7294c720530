import ArgumentParser
import Foundation
import PenumbraEvaluation
import PenumbraSupport

/// Where results go.
struct EvaluationOutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object instead of tables.") var json = false
  @Flag(help: "Print what Darknet's 'detector map' prints instead of tables.") var darknet = false
  @Option(
    help: "Write a page with curves, tables and the worst images to this file.",
    completion: .file(extensions: ["html"]))
  var html: String?
  @Option(
    help: """
      Write the boxes to this file as COCO's results; image_id is the number that the picture's name \
      starts with, where these differ, else its place in the list.
      """, completion: .file(extensions: ["json"]))
  var results: String?
  @Option(
    help: "How many images the page of --html shows, those with the most faults; 12 by default.")
  var worst: Int?

  func validate() throws {
    guard !(json && darknet) else { throw ValidationError("give --json or --darknet, not both") }
    if let worst {
      guard (0...1000).contains(worst) else {
        throw ValidationError("--worst is \(worst), expected 0 to 1000")
      }
      guard html != nil else { throw ValidationError("--worst is for the page of --html") }
    }
  }

  private var shown: Int { worst ?? 12 }

  func write(_ finding: DetectionFinding) throws {
    let (heading, scores) = (finding.heading, finding.evaluation.scores)
    if let results {
      let file = COCOResultsFile(
        finding.images, categories: COCOResults.categories(classes: heading.names.count))
      try AtomicFile.write(file.json, to: results)
    }
    if let html {
      let pictures = finding.hasPictures ? WorstPictures.of(finding, count: shown) : []
      let page = EvaluationPage(
        title: heading.title, notes: heading.notes, names: heading.names, pictures: pictures)
      try AtomicFile.write(page.html(finding.evaluation), to: html)
    }
    if json {
      try Output.object(FindingRecord(heading: heading, detection: scores))
    } else if darknet {
      Output.line(
        String(scores.darknet.text { heading.names[$0] }.dropLast()))
    } else {
      Output.line(DetectionReport(heading: heading, scores: scores).text)
    }
  }

  func write(_ finding: ClassificationFinding) throws {
    let heading = finding.heading
    if let html {
      let page = EvaluationPage(
        title: heading.title, notes: heading.notes, names: heading.names,
        pictures: WorstPictures.of(finding, count: shown))
      try AtomicFile.write(page.html(finding.scores), to: html)
    }
    if json {
      try Output.object(FindingRecord(heading: heading, classification: finding.scores))
    } else {
      Output.line(ClassificationReport(heading: heading, scores: finding.scores).text)
    }
  }
}
