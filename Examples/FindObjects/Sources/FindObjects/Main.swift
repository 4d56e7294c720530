import Penumbra

/// Finds objects in pictures: `FindObjects CFG WEIGHTS PICTURE...`, two pictures at a time.
@main
struct Main {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 3 else {
      print("usage: FindObjects CFG WEIGHTS PICTURE...")
      return
    }
    // The network is shared; each task has a session of its own.
    var options = Network.Options()
    options.plan.threads = 1
    let network = try Network(cfg: arguments[0], weights: arguments[1], options: options)
    let pictures = Array(arguments.dropFirst(2))

    try await withThrowingTaskGroup(of: Void.self) { group in
      for part in 0..<2 {
        group.addTask {
          var session = try network.makeSession()
          for index in stride(from: part, to: pictures.count, by: 2) {
            let image = try Image(contentsOf: pictures[index])
            let found = try session.detect(image, threshold: 0.25)
            print(describe(found, in: pictures[index]))
          }
        }
      }
      try await group.waitForAll()
    }
  }

  static func describe(_ found: [Detection], in picture: String) -> String {
    let lines = found.map { detection in
      let box = detection.box
      return "  class \(detection.classIndex) \(Int(detection.confidence * 100)) % at"
        + " \(Int(box.left)),\(Int(box.top)), \(Int(box.width)) x \(Int(box.height)) pixels"
    }
    return ([picture] + lines).joined(separator: "\n")
  }
}
