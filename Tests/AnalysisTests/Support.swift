import Foundation
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import TestSupport

/// The graph of some sections after a `[net]` of the given size.
func graph(_ sections: String, side: Int = 32, channels: Int = 3) throws -> Graph {
  let net = "[net]\nwidth=\(side)\nheight=\(side)\nchannels=\(channels)\n"
  return try Graph(CfgFile(text: net + sections, name: "test.cfg"))
}

/// The graph of a published cfg at the size for which its numbers are printed; nil where the folder
/// of published cfgs is missing.
func publishedGraph(_ name: String, side: Int) throws -> Graph? {
  guard let cfg = Shared.item("golden/zoo/\(name)/net.cfg", for: name) else { return nil }
  return try Graph(CfgFile(contentsOf: cfg.path), size: (side, side))
}
