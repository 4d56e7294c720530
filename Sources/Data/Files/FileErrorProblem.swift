import PenumbraCfg
import PenumbraSupport

extension FileError {
  /// What is wrong, in one line without the path.
  var problem: String {
    switch reason {
    case .notFound: "there is no such file"
    case .isFolder: "this is a folder, a file was expected"
    case .tooLarge(let limit): "the file is larger than \(limit) bytes"
    case .unreadable(let why): "the file cannot be read: \(why)"
    }
  }
}
