import Foundation
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

struct PublishedFileTests {
  @Test(arguments: ["golden/zoo", "golden/real"])
  func `published files pass without errors and warnings`(folder: String) throws {
    for url in Shared.files(below: folder, suffix: ".cfg", for: "published files") {
      let check = Graph.check(try CfgFile(contentsOf: url.path))
      let found = check.diagnostics.filter { $0.severity > .note }.map(\.description)
      #expect(found == [], "\(url.lastPathComponent)")
      #expect(check.graph != nil)
    }
  }
}
