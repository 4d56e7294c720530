import ArgumentParser
import Foundation
import PenumbraData

/// The data set that a command reads.
struct DataOptions: ParsableArguments {
  @Argument(
    help:
      "A .data file, a list of images, or a folder: of images, of class folders, or with a .data.")
  var data: String
  @Option(help: "A file with the name of a class a line, for data that names none itself.")
  var names: String?

  /// The names given, nil when none were.
  func classNames() throws -> [String]? { try names.map { try [String](namesFile: $0) } }
}

/// Help that the commands share.
enum DataHelp {
  static let paths = """
    Paths in a .data file, and in the lists that it names, start at the current folder, as in Darknet; \
    what is not there is looked for from the folder of the file that names it, then from the folder \
    above that. Backslashes are read as slashes where that leads to a file. Labels are found by \
    Darknet's rule (JPEGImages becomes labels, the ending becomes .txt), else in a folder labels next \
    to images. Classes of a list or folder are called what classes.txt or _darknet.labels next to the \
    images or labels says.
    """
}
