public import PenumbraCfg
public import PenumbraEngine

extension Contrastive: LossLayer {
  /// - Throws: always: the loss compares boxes of several images, of which a loss sees one.
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    let help = "remove the section and what leads to it alone; the [yolo] it names can be trained"
    throw CfgError([
      Diagnostic(
        .noLossYet(Self.spec.name, help: help), at: section.location,
        sourceLine: section.sourceLine)
    ])
  }
}
