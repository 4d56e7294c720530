import Foundation
import PenumbraEvaluation
import TestSupport
import Testing

/// COCO's twelve numbers against those of pycocotools.
struct PycocotoolsTests {
  /// What pycocotools 2.0.11 (NumPy 2.4.6) says of the random truths of seeds 1 to 6.
  ///
  /// `PENUMBRA_PYCOCOTOOLS_FILES=FOLDER swift test --filter PycocotoolsTests` writes the files, and
  /// `scripts/pycocotools-numbers` prints the numbers of each pair.
  private static let golden: [[Double]] = [
    [
      0.130635096, 0.196394291, 0.117473772, 0.274207672, 0.145225774, 0.094050311,
      0.314357493, 0.480296744, 0.528786765, 0.537648810, 0.507500000, 0.455833333,
    ],
    [
      0.159236020, 0.246528300, 0.153389415, 0.338213335, 0.176141977, 0.136948857,
      0.253888889, 0.483090278, 0.483090278, 0.492500000, 0.567321429, 0.423333333,
    ],
    [
      0.101879645, 0.166780676, 0.106094337, 0.236125621, 0.084412856, 0.103175026,
      0.218744019, 0.456866029, 0.463116029, 0.450446429, 0.399166667, 0.448214286,
    ],
    [
      0.229836817, 0.340978845, 0.233986068, 0.426111258, 0.133335497, 0.185271472,
      0.271925217, 0.540684662, 0.540684662, 0.580000000, 0.444444444, 0.482410714,
    ],
    [
      0.137341668, 0.196375828, 0.156018274, 0.227582574, 0.090492177, 0.205350732,
      0.187650376, 0.503972431, 0.557694236, 0.567500000, 0.629166667, 0.508482143,
    ],
    [
      0.145303822, 0.245167534, 0.148648342, 0.234298823, 0.161187529, 0.212772136,
      0.249530157, 0.479053759, 0.479053759, 0.580208333, 0.415178571, 0.502083333,
    ],
  ]

  @Test func `the golden numbers of every seed are met to 1e-6`() throws {
    try #require(Self.golden.count == 6)
    for (index, expected) in Self.golden.enumerated() {
      let numbers = try numbers(of: RandomTruths(seed: UInt64(index + 1)))
      #expect(Self.difference(numbers, expected) < 1e-6, "seed \(index + 1): \(numbers)")
    }
  }

  @Test func `the golden cases try what is hard`() throws {
    for seed in UInt64(1)...6 {
      let images = try RandomTruths(seed: seed).evaluated()
      let (truths, found) = (images.flatMap(\.truths), images.flatMap(\.detections))
      #expect(truths.contains { $0.isCrowd } && images.contains { $0.truths.isEmpty })
      #expect(Set(truths.map(\.classIndex)).count == RandomTruths.classes - 1)
      #expect(found.count > 2 * Set(found.map(\.confidence)).count, "equal scores")
      let numbers = try numbers(of: RandomTruths(seed: seed))
      #expect(numbers.allSatisfy { $0 > 0 && $0 < 1 })
    }
  }

  @Test func `pycocotools says the same of other seeds, where it is installed`() throws {
    guard let python = Self.python() else {
      return print("skipped: no pycocotools; 'make test-pycocotools' installs it")
    }
    let folder = try TemporaryFolder()
    let truths = (UInt64(100)..<120).map(RandomTruths.init)
    let files = try truths.enumerated().flatMap { index, truth in
      [
        try folder.write(truth.truth, to: "truth-\(index).json"),
        try folder.write(truth.results, to: "results-\(index).json"),
      ]
    }
    let script = packageRoot + "/scripts/pycocotools-numbers"
    let lines = try run([python, script] + files).stdout.split(separator: "\n")
    try #require(lines.count == truths.count)
    for (line, truth) in zip(lines, truths) {
      let expected = try JSONDecoder().decode([Double].self, from: Data(line.utf8))
      #expect(Self.difference(try numbers(of: truth), expected) < 1e-6)
    }
  }

  private static let goldenFolder =
    ProcessInfo.processInfo.environment["PENUMBRA_PYCOCOTOOLS_FILES"]

  @Test(.enabled(if: goldenFolder != nil)) func `writes the golden files where asked`() throws {
    let path = try #require(Self.goldenFolder)
    for seed in UInt64(1)...6 {
      let truth = RandomTruths(seed: seed)
      for (name, text) in [("truth", truth.truth), ("results", truth.results)] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)-\(seed).json"))
      }
    }
  }

  private func numbers(of truth: RandomTruths) throws -> [Double] {
    try evaluateDetections(
      truth.evaluated(), classes: RandomTruths.classes,
      options: EvaluationOptions(clipsBoxes: false)
    ).scores.coco.values
  }

  private static func difference(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// A Python that has pycocotools: that of `make test-pycocotools`, or the system's.
  private static func python() -> String? {
    [packageRoot + "/.build/pycocotools/bin/python", "/usr/bin/python3", "/usr/local/bin/python3"]
      .first { path in
        FileManager.default.isExecutableFile(atPath: path)
          && (try? run([path, "-c", "import pycocotools"]))?.exitCode == 0
      }
  }
}
