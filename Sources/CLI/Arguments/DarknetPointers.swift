import PenumbraSupport

/// What does here what a command of Darknet does that is not here.
enum DarknetPointers {
  private enum Pointer {
    /// The line to type; files that were given are put in the place of `$1`, `$2` and so on.
    case line(String)
    case nothing(String)
  }

  /// - Parameters:
  ///   - group: `detector`, `classifier`, or empty.
  ///   - words: the command and what follows it.
  static func pointer(group: String, _ words: [String]) -> String? {
    guard let name = words.first, let pointer = table[group]?[name] else { return nil }
    switch pointer {
    case .line(let line): return "what does it here: " + filled(line, Arguments(words.dropFirst()))
    case .nothing(let why): return why
    }
  }

  /// The arguments of a Darknet command: files in order, flags by name.
  private struct Arguments {
    var files: [String] = []
    var flags: [String: String] = [:]

    init(_ words: ArraySlice<String>) {
      var rest = words
      while let word = rest.popFirst() {
        guard word.isOptionArgument else {
          files.append(word)
          continue
        }
        let name = String(word.drop { $0 == "-" })
        let takesValue = ["width", "height"].contains(name) || DarknetFlag(word)?.value == .one
        if takesValue, let value = rest.popFirst() { flags[name] = value }
      }
    }
  }

  /// The line with what was given: `$1|CFG` is the first file, or CFG where there is none;
  /// `$thresh|.25` is the value of a flag.
  private static func filled(_ line: String, _ arguments: Arguments) -> String {
    line.split(separator: " ").map { word -> String in
      guard let start = word.firstIndex(of: "$") else { return String(word) }
      let parts = word[word.index(after: start)...].split(separator: "|")
      let value: String? =
        if let number = Int(parts[0]) {
          arguments.files.indices.contains(number - 1) ? arguments.files[number - 1] : nil
        } else {
          arguments.flags[String(parts[0])]
        }
      return word[..<start] + (value?.shellQuoted ?? String(parts[1]))
    }.joined(separator: " ")
  }

  private static let evaluate = Pointer.line("penumbra evaluate $2|CFG $3|WEIGHTS $1|DATA")
  private static let frames = Pointer.line(
    "ffmpeg -i $4|VIDEO frame%06d.png && penumbra detect $2|CFG $3|WEIGHTS 'frame*.png' --data"
      + " $1|DATA --annotate boxes")
  private static let rewriting = Pointer.nothing(
    "nothing here rewrites weights so; batch normalization is folded when a network is loaded")
  private static let otherNetwork = Pointer.nothing(
    "nothing here does it: networks detect ('penumbra detect') or classify ('penumbra classify')")

  private static let table: [String: [String: Pointer]] = [
    "detector": [
      "valid": evaluate, "recall": evaluate, "map2": evaluate, "demo": frames,
      "calc_anchors": .line(
        "penumbra anchors $1|DATA --num $num_of_clusters|9 --width $width|416 --height"
          + " $height|416"),
      "draw": .line("penumbra detect $2|CFG $3|WEIGHTS $4|IMAGE --data $1|DATA --annotate boxes"),
    ],
    "classifier": [
      "valid": evaluate, "valid10": evaluate, "validcrop": evaluate, "validfull": evaluate,
      "validmulti": evaluate,
      "demo": .line(
        "ffmpeg -i $4|VIDEO frame%06d.png && penumbra classify $2|CFG $3|WEIGHTS 'frame*.png'"
          + " --data $1|DATA"),
      "try": .line("penumbra classify $2|CFG $3|WEIGHTS $4|IMAGE --data $1|DATA"),
      "test": .line("penumbra classify $2|CFG $3|WEIGHTS $4|IMAGE --data $1|DATA"),
      "label": otherNetwork, "csv": otherNetwork, "gun": otherNetwork, "threat": otherNetwork,
    ],
    "": [
      "partial": .line("penumbra weights $1|CFG $2|WEIGHTS --upto $4|N --out $3|OUT"),
      "ops": .line("penumbra inspect $1|CFG"),
      "speed": .line("penumbra bench $1|CFG"),
      "statistics": .line("penumbra weights $1|CFG $2|WEIGHTS"),
      "visualize": .line("penumbra inspect $1|CFG --graph network.html"),
      "yolo": .line("penumbra detect $2|CFG $3|WEIGHTS $4|IMAGE"),
      "coco": .line("penumbra detect $2|CFG $3|WEIGHTS $4|IMAGE"),
      "test": otherNetwork,
      "imtest": .nothing("nothing here shows what resizing does to a picture"),
      "average": .nothing(
        "nothing here averages weights files; ema_alpha in [net] averages while training"),
      "oneoff": rewriting, "oneoff2": rewriting, "normalize": rewriting, "rescale": rewriting,
      "denormalize": rewriting, "reset": rewriting, "rgbgr": rewriting, "mkimg": otherNetwork,
      "rnn": otherNetwork, "vid": otherNetwork, "cifar": otherNetwork, "go": otherNetwork,
      "tag": otherNetwork, "dice": otherNetwork, "writing": otherNetwork, "voxel": otherNetwork,
      "super": otherNetwork, "3d": otherNetwork, "art": otherNetwork, "nightmare": otherNetwork,
      "captcha": otherNetwork, "lsd": otherNetwork, "attention": otherNetwork,
      "regressor": otherNetwork, "segmenter": otherNetwork, "isegmenter": otherNetwork,
      "composite": otherNetwork,
    ],
  ]
}
