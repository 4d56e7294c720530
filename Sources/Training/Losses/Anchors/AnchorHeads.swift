public import PenumbraCfg
public import PenumbraEngine

extension Yolo: LossLayer {
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    var head = AnchorHead(keys, planes: .plain)
    head.usesNewCoordinates = usesNewCoordinates
    return AnchorLoss(
      head: head,
      options: try AnchorLossOptions(section, Self.spec, classes: classes, map: keys.map))
  }
}

extension GaussianYolo: LossLayer {
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    var head = AnchorHead(keys, planes: .gaussian)
    head.pointOffset = offset
    return AnchorLoss(
      head: head,
      options: try AnchorLossOptions(section, Self.spec, classes: classes, map: keys.map))
  }
}
