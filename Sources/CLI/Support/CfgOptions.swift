import ArgumentParser
import PenumbraCfg
import PenumbraSupport

/// How a cfg is read: shared by every command that takes one.
struct CfgOptions: ParsableArguments {
  @Flag(
    name: .customLong("allow-outside"),
    help: """
      Read what a cfg names ('tree', 'map') wherever it is. Without it: by a relative path, next to \
      the cfg, in the folder above or in the current folder.
      """)
  var allowsOutside = false

  var companions: CompanionAccess { allowsOutside ? .anywhere : .nearby }

  func file(_ path: String) throws(FileError) -> CfgFile {
    try CfgFile(contentsOf: path, companions: companions)
  }

  func file(bytes: [UInt8], name: String) -> CfgFile {
    var file = CfgFile(bytes: bytes, name: name)
    file.companions = companions
    return file
  }
}
