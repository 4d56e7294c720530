import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// For people: a line a picture, then a line a class.
struct ScoreText: ResultFormat {
  let names: ClassNames

  func text(_ picture: PictureResult<[ClassScore]>, number: Int) -> String {
    guard case .success(let seen) = picture.outcome else { return "" }
    let head =
      "\(picture.path.printable): \(seen.width)x\(seen.height), \(fixed(seen.milliseconds, 1)) ms\n"
    return head
      + seen.found.map { score in
        "  \(fixed(score.score * 100, 2).leftPadded(to: 6))%  \(names.shown(score.classIndex))\n"
      }.joined()
  }
}

/// A row a class, or one with the error of a picture that could not be read.
struct ScoreCSV: ResultFormat {
  let names: ClassNames

  var opening: String { "path,rank,class_id,name,score,error\n" }

  func text(_ picture: PictureResult<[ClassScore]>, number: Int) -> String {
    let path = picture.path.csvField
    switch picture.outcome {
    case .failure(let error): return "\(path),,,,,\(error.problem.csvField)\n"
    case .success(let seen):
      return seen.found.enumerated().map { rank, score in
        "\(path),\(rank + 1),\(score.classIndex),\(names[score.classIndex].csvField),"
          + "\(fixed(score.score, 6)),\n"
      }.joined()
    }
  }
}

/// What `classifier predict` prints.
///
/// Source: Darknet `classifier.c` (`predict_classifier`).
struct DarknetScores: ResultFormat {
  let names: ClassNames

  func text(_ picture: PictureResult<[ClassScore]>, number: Int) -> String {
    guard case .success(let seen) = picture.outcome else { return "" }
    return seen.found.map { "\(names.shown($0.classIndex)): \(fixed($0.score, 6))\n" }.joined()
  }
}
