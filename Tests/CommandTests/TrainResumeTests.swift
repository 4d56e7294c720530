import Foundation
import TestSupport
import Testing

struct TrainResumeTests {
  private let tiny: TinyTraining

  init() throws { tiny = try TinyTraining() }

  @Test func `a resumed run is the uninterrupted one bit for bit`() throws {
    // Adam, the moving average and changing sizes are what a resume could get wrong.
    let cfg = TinyTraining.detector
      .replacing("decay=0.0005", with: "decay=0.0005\nadam=1\nema_alpha=.9\nresize_step=8")
      .replacing("learning_rate=0.005", with: "learning_rate=0.001")
      .replacing("jitter=.2", with: "jitter=.2\nrandom=1")
      .replacing("max_batches=40", with: "max_batches=170")
    try tiny.folder.write(cfg, to: "tiny.cfg")
    let common = "train tiny.cfg tiny.data --no-html --validate-every 9 --validate-from 9"
    let whole = try tiny.run("\(common) --output whole --iterations 95")
    #expect(whole.exitCode == 0, "\(whole.stderr)")
    var sizes = Set(
      try tiny.events("iteration", in: "whole/train.jsonl").map { $0["width"] as? Int })
    sizes.remove(nil)
    #expect(sizes.count > 1)

    // Stops between checkpoints and validations of the other run.
    #expect(try tiny.run("\(common) --output parts --iterations 17").exitCode == 0)
    #expect(try tiny.run("\(common) --output parts --iterations 88 --resume").exitCode == 0)
    let last = try tiny.run("\(common) --output parts --iterations 95 --resume")
    #expect(last.exitCode == 0, "\(last.stderr)")
    #expect(try tiny.bytes("whole/tiny_final.weights") == tiny.bytes("parts/tiny_final.weights"))
    #expect(try tiny.bytes("whole/tiny_ema.weights") == tiny.bytes("parts/tiny_ema.weights"))
    #expect(try tiny.losses(in: "whole/train.jsonl") == tiny.losses(in: "parts/train.jsonl"))
  }

  @Test func `a run killed at any moment goes on to the same end`() throws {
    let common = "train tiny.cfg tiny.data --save-last 1 --validate-every 4 --validate-from 4"
    var generator = SeededGenerator(seed: 6)
    var start: String {
      tiny.folder.files.contains("killed/tiny_last.state") ? "--resume" : "--overwrite"
    }
    var resumed = 0
    for _ in 0..<8 {
      if start == "--resume" { resumed += 1 }
      let command = try tiny.start("\(common) --output killed --iterations 1000000 \(start)")
      usleep(UInt32(generator.int(20_000...250_000)))
      command.send(signal: SIGKILL)
      let result = try command.wait()
      #expect(result.exitCode == -SIGKILL, "\(result.stderr)")
      for file in tiny.folder.files where file.hasPrefix("killed/") && file.hasSuffix(".weights") {
        let checked = try tiny.run("weights tiny.cfg \(file) --check")
        #expect(checked.exitCode == 0, "\(file): \(checked.stderr)")
      }
    }
    #expect(resumed > 0)
    // The log may know of an iteration more than the last checkpoint.
    let logged = (tiny.folder.text("killed/train.jsonl") ?? "").matches(of: #/"iteration":(\d+)/#)
    let end = 3 + (logged.compactMap { Int($0.1) }.max() ?? 0)
    let rest = try tiny.run("\(common) --output killed --iterations \(end) \(start)")
    #expect(rest.exitCode == 0, "\(rest.stderr)")
    #expect(try tiny.run("\(common) --output whole --iterations \(end)").exitCode == 0)
    #expect(try tiny.bytes("whole/tiny_last.weights") == tiny.bytes("killed/tiny_last.weights"))
    #expect(try tiny.losses(in: "whole/train.jsonl") == tiny.losses(in: "killed/train.jsonl"))
    #expect(!tiny.folder.files.contains { $0.hasSuffix(".part") })
  }

  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)] as [(Int32, Int32)])
  func `a run that is interrupted leaves a checkpoint and says how to go on`(
    signal: Int32, status: Int32
  ) throws {
    let command = try tiny.start("train tiny.cfg tiny.data --iterations 1000000 --no-html")
    try command.waitForWords("img/s")
    command.send(signal: signal)
    let result = try command.wait()
    #expect(result.exitCode == status)
    #expect(result.stderr.contains("--resume"))
    #expect(try tiny.events("end").map { $0["reason"] as? String } == ["interrupted"])
    let done = try tiny.losses().count
    let more = try tiny.run("train tiny.cfg tiny.data --iterations \(done + 3) --no-html --resume")
    #expect(more.exitCode == 0, "\(more.stderr)")
    #expect(try tiny.losses().count == done + 3)
  }

  @Test func `under nohup the end of a session does not end a run`() throws {
    let command = try tiny.start(
      "train tiny.cfg tiny.data --iterations 1000000 --no-html", limit: "trap '' HUP")
    try command.waitForWords("img/s")
    command.send(signal: SIGHUP)
    command.send(signal: SIGTERM)
    #expect(try command.wait().exitCode == 143)
  }

  @Test(arguments: ["--overwrite", "--resume", ""])
  func `two runs do not write into one folder`(way: String) throws {
    let first = try tiny.start("train tiny.cfg tiny.data --iterations 1000000 --no-html")
    try first.waitForWords("img/s")
    let second = try tiny.run("train tiny.cfg tiny.data --iterations 3 --no-html \(way)")
    #expect(second.exitCode == 73)
    #expect(second.stderr.contains("out: error: another training run is writing into this folder"))
    first.send(signal: SIGINT)
    #expect(try first.wait().exitCode == 130)
  }

  @Test func `a folder with a run is not overwritten unless that is asked for`() throws {
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 2 --no-html").exitCode == 0)
    let old = try tiny.bytes("out/tiny_last.weights")
    let refused = try tiny.run("train tiny.cfg tiny.data --iterations 3 --no-html")
    #expect(refused.exitCode == 73)
    #expect(refused.stderr.contains("go on with --resume, start anew with --overwrite"))
    #expect(try tiny.bytes("out/tiny_last.weights") == old)
    let anew = try tiny.run("train tiny.cfg tiny.data --iterations 3 --no-html --overwrite")
    #expect(anew.exitCode == 0)
    #expect(try tiny.losses().count == 3)
  }

  @Test func `a run that is done is not resumed, and keeps its log`() throws {
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 2").exitCode == 0)
    let (log, page) = (tiny.folder.text("out/train.jsonl"), tiny.folder.text("out/train.html"))
    let again = try tiny.run("train tiny.cfg tiny.data --iterations 2 --resume")
    #expect(again.exitCode == 65)
    #expect(again.stderr.contains("the run stands at iteration 2 of 2: nothing is left to do"))
    #expect(again.stderr.contains("help: give a larger --iterations to go on"))
    #expect(tiny.folder.text("out/train.jsonl") == log)
    #expect(tiny.folder.text("out/train.html") == page)
  }

  @Test func `a run that is begun anew cannot be mistaken for the one before it`() throws {
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 2 --no-html").exitCode == 0)
    let command = try tiny.start(
      "train tiny.cfg tiny.data --iterations 1000000 --save-last 1000000 --no-html --overwrite")
    try command.waitForWords("img/s")
    command.send(signal: SIGKILL)
    _ = try command.wait()
    let resumed = try tiny.run("train tiny.cfg tiny.data --iterations 4 --no-html --resume")
    #expect(resumed.exitCode == 66)
    #expect(resumed.stderr.contains("so there is no run to resume"))
  }

  @Test func `runs of two cfgs do not share a log unawares`() throws {
    try tiny.folder.write(TinyTraining.detector, to: "other.cfg")
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 2 --no-html").exitCode == 0)
    let refused = try tiny.run("train other.cfg tiny.data --iterations 3 --no-html")
    #expect(refused.exitCode == 73)
    #expect(
      refused.stderr.contains(
        "out/tiny_last.state: the folder holds a run of another cfg, whose train.jsonl"))
    #expect(
      try tiny.run("train other.cfg tiny.data --iterations 3 --no-html --overwrite").exitCode == 0)
    // What is resumed begins its own log.
    #expect(
      try tiny.run("train tiny.cfg tiny.data --iterations 4 --no-html --resume").exitCode == 0)
    #expect(try tiny.events("iteration").map { $0["iteration"] as? Int } == [3, 4])
  }

  @Test func `what Darknet's spelling began is resumed`() throws {
    let long = TinyTraining.detector.replacing("max_batches=40", with: "max_batches=1000000")
    try tiny.folder.write(long, to: "tiny.two-stops.cfg")
    let begun = try tiny.start("detector train tiny.data tiny.two-stops.cfg -dont_show")
    try begun.waitForWords("memory of a training step")
    begun.send(signal: SIGINT)
    let result = try begun.wait()
    #expect(result.exitCode == 130)
    #expect(result.stderr.contains("'penumbra train CFG DATA --resume' goes on"))
    let done = try tiny.losses().count
    let on = try tiny.run(
      "train tiny.two-stops.cfg tiny.data --no-html --resume --iterations \(done + 3)")
    #expect(on.exitCode == 0, "\(on.stderr)")
    #expect(tiny.folder.files.contains("out/tiny_final.weights"))
    #expect(try tiny.losses().count == done + 3)
  }

  @Test func `another metric is watched from its own first value on`() throws {
    let common = "train tiny.cfg tiny.data --no-html --validate-every 2 --validate-from 2"
    #expect(try tiny.run("\(common) --iterations 2 --early-stop iou:2").exitCode == 0)
    let on = try tiny.run("\(common) --iterations 30 --early-stop loss:3 --resume")
    #expect(on.exitCode == 0, "\(on.stderr)")
    #expect(try tiny.losses().count == 30)
  }

  @Test func `what would not be the same run is refused or told`() throws {
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 2 --no-html").exitCode == 0)
    let resume = "train tiny.cfg tiny.data --iterations 4 --no-html --resume"
    let seed = try tiny.run("\(resume) --seed 8")
    #expect(seed.exitCode == 65)
    #expect(seed.stderr.contains("the run had the seed 1, not 8"))
    let batch = try tiny.run("\(resume) --batch 8")
    #expect(batch.exitCode == 65)
    #expect(batch.stderr.contains("the run had batch=4, now it is 8"))
    try tiny.folder.write(
      TinyTraining.detector.replacing("learning_rate=0.005", with: "learning_rate=0.002"),
      to: "tiny.cfg")
    let changed = try tiny.run(resume)
    #expect(changed.exitCode == 0)
    #expect(changed.stderr.contains("tiny.cfg has changed since out/tiny_last.state was written"))
    let plain = try tiny.run(
      "train tiny.cfg tiny.data --iterations 6 --no-html --resume --no-augment --backend blas")
    #expect(plain.stderr.contains("the run had augmentation on, now it is off"))
    #expect(plain.stderr.contains("the run had the backend blocked, now it is blas"))
  }

  @Test(arguments: ["stop", "continue"])
  func `a checkpoint that does not fit leaves the old one`(choice: String) throws {
    #expect(try tiny.run("train tiny.cfg tiny.data --iterations 2 --no-html").exitCode == 0)
    let old = (
      weights: try tiny.bytes("out/tiny_last.weights"), state: try tiny.bytes("out/tiny_last.state")
    )
    // Half of the weights' size, in blocks of 512 bytes; the log fits.
    let blocks = old.weights.count / 1024
    let command = try tiny.start(
      "train tiny.cfg tiny.data --iterations 6 --save-last 1 --no-html --resume"
        + " --on-disk-full \(choice)", limit: "ulimit -f \(blocks)")
    let result = try command.wait()
    #expect(result.stderr.contains("out/tiny_last.state"))
    #expect(result.stderr.contains("there is no space left"), "\(result.stderr)")
    #expect(try tiny.bytes("out/tiny_last.state") == old.state)
    #expect(try tiny.bytes("out/tiny_last.weights") == old.weights)
    #expect(!tiny.folder.files.contains { $0.hasSuffix(".part") })
    // The last checkpoint has to be written, or the run has been for nothing.
    #expect(result.exitCode == 73)
    #expect(try tiny.losses().count == (choice == "stop" ? 3 : 6))
  }
}
