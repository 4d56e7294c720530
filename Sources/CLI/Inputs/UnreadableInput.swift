import PenumbraSupport

/// Inputs that other programs read and this one does not, known by their names.
enum UnreadableInput {
  case url, stream, video

  /// Nil for what may be a picture.
  init?(_ path: String) {
    if let scheme = Self.scheme(path) {
      self = ["http", "https", "ftp"].contains(scheme) ? .url : .stream
    } else if Self.videoEndings.contains(path.fileExtension.lowercased()) {
      self = .video
    } else {
      return nil
    }
  }

  /// The word that precedes `://`, in lower case.
  private static func scheme(_ path: String) -> String? {
    guard let end = path.firstRange(of: "://")?.lowerBound, end != path.startIndex else {
      return nil
    }
    let scheme = path[..<end]
    return scheme.allSatisfy { $0.isASCII && $0.isLetter } ? scheme.lowercased() : nil
  }

  private static let videoEndings: Set = [
    "mp4", "avi", "mkv", "mov", "webm", "m4v", "mpg", "mpeg", "wmv", "flv", "ts", "m2ts", "3gp",
  ]

  var problem: String {
    switch self {
    case .url, .stream: "this is an address, expected a file"
    case .video: "this is a video, and video is not read here"
    }
  }

  func remedy(_ path: String) -> String {
    switch self {
    case .url: "download it first: curl -fLO \(path.shellQuoted)"
    case .stream, .video:
      "take pictures from it: ffmpeg -i \(path.shellQuoted) frame%06d.png; then give 'frame*.png'"
    }
  }
}
