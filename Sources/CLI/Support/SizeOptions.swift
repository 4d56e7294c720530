import ArgumentParser

/// The size of a network's input, where no run chooses it.
struct SizeOptions: ParsableArguments {
  @Option(help: "Width of the network's input, in place of the cfg's.")
  var width: Int?

  @Option(help: "Height of the network's input, in place of the cfg's.")
  var height: Int?

  func validate() throws {
    guard (width == nil) == (height == nil) else {
      throw ValidationError("give both --width and --height, or neither")
    }
    for (name, value) in [("--width", width), ("--height", height)] {
      if let value, !(1...65536).contains(value) {
        throw ValidationError("\(name) is \(value), expected 1 to 65536")
      }
    }
  }

  var size: (width: Int, height: Int)? {
    guard let width, let height else { return nil }
    return (width, height)
  }
}
