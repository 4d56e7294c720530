import PenumbraSupport

/// An address such as `https://…` or `rtsp://…`, where a file was expected.
struct Address {
  private let text: String
  /// The word that precedes `://`, in lower case.
  private let scheme: String

  /// Nil for what may be a path.
  init?(_ text: String) {
    guard let end = text.firstRange(of: "://")?.lowerBound, end != text.startIndex,
      text[..<end].allSatisfy({ $0.isASCII && $0.isLetter })
    else { return nil }
    self.text = text
    scheme = text[..<end].lowercased()
  }

  var problem: String { "this is an address, expected a file" }

  var remedy: String {
    ["http", "https", "ftp"].contains(scheme)
      ? "download it first: curl -fLO \(text.shellQuoted)"
      : "save its frames first: ffmpeg -i \(text.shellQuoted) frame%06d.png"
  }
}
