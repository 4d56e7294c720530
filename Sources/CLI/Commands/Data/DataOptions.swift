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
    Paths in a .data file start at the current folder, as in Darknet; what is not there is looked \
    for from the folder of the file, then from the one above it. Images of a list that are not \
    found from the current folder are looked for from the folder of the list. Labels are found by \
    Darknet's rule (JPEGImages becomes labels, the ending becomes .txt), else in a folder labels \
    beside images.
    """
}
