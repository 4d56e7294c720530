import TestSupport
import Testing

struct TrainDarknetTests {
  @Test func `detector train prints and saves what Darknet does`() throws {
    let tiny = try TinyTraining()
    try tiny.folder.write(TinyTraining.detector, to: "tiny.v2.cfg")
    let data = tiny.folder.text("tiny.data") ?? ""
    try tiny.folder.write(data + "saveweights=20\nsavelast=10\n", to: "tiny.data")
    let result = try tiny.run("detector train tiny.data tiny.v2.cfg -map -clear -dont_show")
    #expect(result.exitCode == 0, "\(result.stderr)")
    let line =
      #/\n 40: [0-9.]+, [0-9.]+ avg loss, 0\.000500 rate, [0-9.]+ seconds, 160 images, 0\.000000 hours left\n/#
    #expect(result.stdout.contains(line), "\(result.stdout.suffix(400))")
    #expect(result.stdout.contains("\n mean_average_precision (mAP@0.50) = 0."))
    #expect(result.stdout.contains("Saving weights to out/tiny_last.weights\n"))
    #expect(
      tiny.folder.files.filter { $0.hasSuffix(".weights") } == [
        "out/tiny_20.weights", "out/tiny_40.weights", "out/tiny_best.weights",
        "out/tiny_final.weights", "out/tiny_last.weights",
      ])
    // Once more: Darknet overwrites, and weights carry their iteration.
    let more = try tiny.run("detector train tiny.data tiny.v2.cfg out/tiny_20.weights -dont_show")
    #expect(more.exitCode == 0, "\(more.stderr)")
    #expect(more.stdout.contains("\n 21: "))
    #expect(!more.stdout.contains("\n 20: "))
  }

  @Test func `classifier train prints what Darknet does`() throws {
    let tiny = try TinyTraining()
    try tiny.folder.write(
      "classes=2\ntrain=classes/train\nvalid=classes/val\nlabels=tiny.names\nbackup=out\n",
      to: "colours.data")
    let result = try tiny.run("classifier train colours.data colours.cfg -topk")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(
      result.stdout.contains(
        #/\n40, 20\.000: [0-9.]+, [0-9.]+ avg, 0\.000500 rate, [0-9.]+ seconds, 160 images/#))
    #expect(result.stdout.contains(" accuracy top1 = "))
  }
}
