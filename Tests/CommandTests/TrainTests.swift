import Foundation
import TestSupport
import Testing

struct TrainTests {
  private let tiny: TinyTraining

  init() throws { tiny = try TinyTraining() }

  private func sum(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) }

  @Test func `a detector is trained, judged and left behind`() throws {
    let result = try tiny.run("train tiny.cfg tiny.data --validate-every 20")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(result.stderr.contains("memory of a training step: "))
    #expect(result.stderr.contains("validation at 20: map50 "))
    #expect(result.stdout.hasPrefix("weights  out/tiny_final.weights\nbest     "))
    #expect(
      tiny.folder.files.filter { $0.hasPrefix("out/") } == [
        "out/tiny_best.weights", "out/tiny_final.weights", "out/tiny_last.state",
        "out/tiny_last.weights", "out/train.html", "out/train.jsonl",
      ])
    let losses = try tiny.losses()
    #expect(losses.count == 40)
    let (first, last) = (sum(losses.prefix(5)), sum(losses.suffix(5)))
    #expect(last < 0.6 * first)
    #expect(try tiny.events("validation").map { $0["iteration"] as? Int } == [20, 40])
    #expect(try tiny.events("end").map { $0["reason"] as? String } == ["finished"])

    let weights = try tiny.run("weights tiny.cfg out/tiny_final.weights --check")
    #expect(weights.exitCode == 0)
    #expect(weights.stdout.contains("seen 160 images, iteration 40"))
    let page = try #require(tiny.folder.text("out/train.html"))
    #expect(page.contains("finished") && page.contains("data:image/jpeg;base64,"))
  }

  @Test func `eight pictures are learnt by heart`() throws {
    let result = try tiny.run(
      "train tiny.cfg tiny.data --no-augment --iterations 600 --validate-every 100 --no-html"
        + " --batch 8 --subdivisions 1")
    #expect(result.exitCode == 0, "\(result.stderr)")
    let best = try tiny.events("validation").compactMap { event in
      (event["metrics"] as? [String: Double])?["map50"]
    }.max()
    #expect(best ?? 0 > 0.99, "\(result.stderr)")
  }

  /// What a loss writes has to arrive where the layers before it read, in each head's own layout.
  @Test(arguments: [
    (
      "region", 14,
      """
      [region]
      anchors=1.8,1.8, 3,3
      num=2
      classes=2
      coords=4
      softmax=1
      bias_match=1
      rescore=1
      object_scale=5
      noobject_scale=1
      class_scale=1
      coord_scale=1
      thresh=.6
      """
    ),
    (
      "gaussian", 22,
      """
      [Gaussian_yolo]
      mask=0,1
      anchors=8,8, 14,14
      classes=2
      num=2
      ignore_thresh=.7
      iou_loss=ciou
      iou_normalizer=.07
      max_delta=.3
      """
    ),
  ])
  func `other heads learn as well`(name: String, filters: Int, head: String) throws {
    let start = try #require(TinyTraining.detector.range(of: "[yolo]")).lowerBound
    let cfg = TinyTraining.detector[..<start]
      .replacing("filters=14", with: "filters=\(filters)").appending(head + "\n")
    try tiny.folder.write(cfg, to: "\(name).cfg")
    let result = try tiny.run(
      "train \(name).cfg tiny.data --no-augment --iterations 600 --validate-every 100 --no-html"
        + " --batch 8 --subdivisions 1")
    #expect(result.exitCode == 0, "\(result.stderr)")
    let best = try tiny.events("validation").compactMap { event in
      (event["metrics"] as? [String: Double])?["map50"]
    }.max()
    #expect(best ?? 0 > 0.6, "\(result.stderr)")
  }

  @Test func `a classifier is trained on folders of classes`() throws {
    let result = try tiny.run(
      "train colours.cfg classes --validate-every 40 --output runs --no-html --save-every 15")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(
      tiny.folder.files.filter { $0.hasPrefix("runs/") } == [
        "runs/colours_15.weights", "runs/colours_30.weights", "runs/colours_best.weights",
        "runs/colours_final.weights", "runs/colours_last.state", "runs/colours_last.weights",
        "runs/train.jsonl",
      ])
    let losses = try tiny.losses(in: "runs/train.jsonl")
    #expect(sum(losses.suffix(5)) < sum(losses.prefix(5)))
    let found = try tiny.events("validation", in: "runs/train.jsonl").last
    let metrics = try #require(found?["metrics"] as? [String: Double])
    #expect(metrics.keys.sorted() == ["top1", "top5"])
  }

  @Test func `the same seed gives the same run on any number of threads`() throws {
    for (name, more) in [
      ("a", "--threads 1 --loader-threads 0"), ("b", "--threads 3 --loader-threads 2"),
      ("c", "--threads 2 --seed 2"),
    ] {
      let result = try tiny.run(
        "train tiny.cfg tiny.data --iterations 12 --output \(name) --no-html \(more)")
      #expect(result.exitCode == 0, "\(result.stderr)")
    }
    let (a, b) = (
      try tiny.bytes("a/tiny_final.weights"), try tiny.bytes("b/tiny_final.weights")
    )
    #expect(a == b)
    #expect(try tiny.losses(in: "a/train.jsonl") == tiny.losses(in: "b/train.jsonl"))
    #expect(try tiny.bytes("c/tiny_final.weights") != a)
  }

  @Test func `a batch in parts gives the sums of the whole without batch normalisation`() throws {
    let plain = TinyTraining.detector.replacing("batch_normalize=1\n", with: "")
    try tiny.folder.write(plain, to: "plain.cfg")
    for parts in [1, 4] {
      let result = try tiny.run(
        "train plain.cfg tiny.data --iterations 3 --output p\(parts) --no-html"
          + " --subdivisions \(parts)")
      #expect(result.exitCode == 0, "\(result.stderr)")
    }
    let (whole, parts) = (
      try tiny.losses(in: "p1/train.jsonl"), try tiny.losses(in: "p4/train.jsonl")
    )
    #expect(whole.count == 3 && parts.count == 3)
    for (a, b) in zip(whole, parts) { #expect(abs(a - b) <= 1e-4 * abs(a)) }
    let (a, b) = (
      try tiny.numbers("p1/plain_final.weights"), try tiny.numbers("p4/plain_final.weights")
    )
    #expect(a.count == b.count && a.count > 1000)
    for (a, b) in zip(a, b) { #expect(abs(a - b) <= 1e-5) }
  }

  @Test func `memory decides into how many parts a batch is divided`() throws {
    let whole = try tiny.run(
      "train tiny.cfg tiny.data --iterations 1 --output w --no-html --subdivisions 1")
    #expect(whole.stderr.contains("for 4 images at once"))
    let start = try #require(try tiny.events("start", in: "w/train.jsonl").first)
    let bytes =
      try #require(start["step_bytes"] as? Int) + #require(start["parameter_bytes"] as? Int)
    let tight = try tiny.run(
      "train tiny.cfg tiny.data --iterations 1 --output t --no-html --subdivisions 1"
        + " --max-memory \(bytes - 1)")
    #expect(tight.exitCode == 0, "\(tight.stderr)")
    #expect(tight.stderr.contains("for 2 images at once"))
    let none = try tiny.run(
      "train tiny.cfg tiny.data --iterations 1 --output n --no-html --max-memory 10K")
    #expect(none.exitCode == 65)
    #expect(none.stderr.contains("a training step of one image needs "))
  }

  @Test func `ends early when the metric waits too long`() throws {
    let result = try tiny.run(
      "train tiny.cfg tiny.data --iterations 400 --validate-every 5 --validate-from 5 --no-html"
        + " --early-stop precision:2")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(try tiny.events("end").map { $0["reason"] as? String } == ["stopped_early"])
    let unknown = try tiny.run(
      "train tiny.cfg tiny.data --validate-every 5 --validate-from 5 --no-html --overwrite"
        + " --early-stop beauty:2")
    #expect(unknown.exitCode == 64)
    #expect(
      unknown.stderr.contains("names the metric 'beauty', expected one of map50"))
  }

  @Test func `numbers that overflow stop the run, and name the layer`() throws {
    let wild = TinyTraining.detector
      .replacing("learning_rate=0.005", with: "learning_rate=1e30")
      .replacing("burn_in=10", with: "burn_in=0")
    try tiny.folder.write(wild, to: "wild.cfg")
    let result = try tiny.run("train wild.cfg tiny.data --save-last 1")
    #expect(result.exitCode == 65)
    #expect(
      result.stderr.contains(#/iteration \d+: the (outputs|gradients|parameters) of layer \d+ \[/#))
    #expect(try tiny.events("end").map { $0["reason"] as? String } == ["failed"])
    // Whatever checkpoint there is holds finite numbers.
    if tiny.folder.files.contains("out/wild_last.weights") {
      let checked = try tiny.run("weights wild.cfg out/wild_last.weights --check")
      #expect(checked.exitCode == 0)
    }
  }

  @Test(arguments: [
    ("train tiny.cfg tiny.data --resume", 66, "so there is no run to resume"),
    ("train tiny.cfg nowhere.data", 66, "nowhere.data: error: there is no such file"),
    ("train tiny.data tiny.cfg", 65, "tiny.data"),
    ("train tiny.data tiny.cfg", 65, "CFG DATA"),
    ("train nowhere.cfg tiny.data", 66, "nowhere.cfg: error: there is no such file"),
    (
      "train tiny.cfg tiny.data --batch 4 --subdivisions 3", 65, "4 images cannot be divided into 3"
    ),
    ("train tiny.cfg tiny.data --early-stop map50", 64, "map50"),
    ("train tiny.cfg tiny.data --threads 0", 64, "--threads is 0, expected 1 to 256"),
    ("train tiny.cfg tiny.data --clear --resume", 64, "give --clear or --resume, not both"),
    ("train three.cfg tiny.data", 65, "three.cfg tells 3 classes apart, tiny.data has 2"),
    ("train tiny.cfg classes", 65, "folders of classes have no boxes"),
    ("train tiny.cfg tiny.data --from nowhere.weights", 66, "there is no such file"),
  ])
  func `refuses what cannot be done`(line: String, status: Int32, text: String) throws {
    let three = TinyTraining.detector
      .replacing("classes=2", with: "classes=3").replacing("filters=14", with: "filters=16")
    try tiny.folder.write(three, to: "three.cfg")
    let result = try tiny.run(line)
    #expect(result.exitCode == status)
    #expect(result.stderr.contains(text), "\(result.stderr)")
    #expect(!tiny.folder.files.contains { $0.hasSuffix(".weights") })
  }

  @Test func `weights carry their iteration on, unless they are cleared`() throws {
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 5 --no-html").exitCode == 0)
    let on = try tiny.run(
      "train tiny.cfg tiny.data --from out/tiny_last.weights --iterations 7 --output on --no-html")
    #expect(on.exitCode == 0)
    #expect(
      try tiny.events("iteration", in: "on/train.jsonl").map { $0["iteration"] as? Int } == [6, 7])
    let cleared = try tiny.run(
      "train tiny.cfg tiny.data --from out/tiny_last.weights --clear --iterations 2 --output c --no-html"
    )
    #expect(cleared.exitCode == 0)
    #expect(
      try tiny.events("iteration", in: "c/train.jsonl").map { $0["iteration"] as? Int } == [1, 2])
    let over = try tiny.run(
      "train tiny.cfg tiny.data --from out/tiny_last.weights --iterations 5 --output o --no-html")
    #expect(over.exitCode == 65)
    #expect(over.stderr.contains("the weights stand at iteration 5 of 5"))
  }

  @Test func `a picture that cannot be read is named, and skipped or not as asked`() throws {
    try tiny.folder.write("no picture", to: "pictures/3.ppm")
    let skipped = try tiny.run("train tiny.cfg tiny.data --iterations 4 --no-html")
    #expect(skipped.exitCode == 0)
    #expect(skipped.stderr.contains("pictures/3.ppm"))
    #expect(
      try tiny.events("warning").contains { ($0["message"] as? String)?.contains("3.ppm") == true })
    let stopped = try tiny.run(
      "train tiny.cfg tiny.data --iterations 4 --no-html --faults stop --output s")
    #expect(stopped.exitCode == 65)
    #expect(stopped.stderr.contains("pictures/3.ppm"))
  }
}
