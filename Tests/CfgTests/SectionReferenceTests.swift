import Foundation
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

struct SectionReferenceTests {
  @Test func `docs/sections.md says what the registry says`() throws {
    let url = Shared.package.appendingPathComponent("docs/sections.md")
    let document = try String(contentsOf: url, encoding: .utf8)
    let start = try #require(document.range(of: SectionReference.marker)?.lowerBound)
    // To renew it: keep the introduction, append the output of `penumbra sections --markdown`.
    #expect(document[start...] == SectionReference.markdown())
  }

  @Test func `no section declares a key twice`() {
    for spec in SectionReference.specs() {
      let names = spec.keys.map(\.name)
      #expect(Set(names).count == names.count, "[\(spec.name)]")
    }
  }

  @Test func `every section and key is explained`() {
    for spec in SectionReference.specs() {
      #expect(spec.summary.hasSuffix("."), "[\(spec.name)]")
      for key in spec.keys { #expect(key.meaning.hasSuffix("."), "[\(spec.name)] \(key.name)") }
    }
  }

  @Test(arguments: [
    ("conv", "[convolutional] or [conv]"), ("network", "[net] or [network]"),
    ("partial", "ratio: number, above 0 and below 1; required, or channels"),
  ])
  func `explains a section in the terminal`(name: String, part: String) {
    #expect(SectionReference.text(of: name)?.contains(part) == true)
  }

  @Test func `says why a section is refused`() {
    #expect(SectionReference.text(of: "lstm") == nil)
    #expect(SectionReference.refusal(of: "lstm")?.contains("recurrent") == true)
    #expect(SectionReference.nearest(to: "maxpol") == "maxpool")
  }
}
