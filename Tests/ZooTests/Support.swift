import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraZoo
import TestSupport
import Testing

/// A small network of many kinds of layers.
let smallCfg = """
  [net]
  width=64
  height=64
  channels=3
  [convolutional]
  batch_normalize=1
  filters=8
  size=3
  stride=2
  pad=1
  activation=leaky
  # the split
  [partial]
  ratio=0.5
  take=block
  [convolutional]
  filters=8
  size=3
  pad=1
  activation=mish
  [convolutional]
  filters=8
  size=1
  activation=leaky
  [shortcut]
  from=-2
  activation=linear
  [route]
  layers=-1,0
  [maxout]
  pieces=2
  [maxpool]
  size=2
  stride=2
  [convolutional]
  filters=14
  size=1
  activation=linear
  [yolo]
  mask=0,1
  anchors=10,14, 23,27
  classes=2
  num=2

  """

/// The record of one cfg.
func recorded(_ text: String, size: Int? = 32) throws -> ZooRecord {
  let (record, _) = NetworkCheck(ZooRecord()).record(
    CfgFile(text: text, name: "a.cfg"), named: "a.cfg", replacing: nil, size: size)
  return ZooRecord(networks: ["a.cfg": try #require(record)])
}

/// Checks a cfg against a record of `a.cfg`.
func check(
  _ text: String, against record: ZooRecord, on backend: any Backend = BlasBackend()
) -> NetworkReport {
  NetworkCheck(record).check(
    CfgFile(text: text, name: "a.cfg"), named: "a.cfg", against: record.networks["a.cfg"],
    on: [backend])
}

/// A copy of a text with one part replaced, which must be there.
func replacing(_ part: String, with other: String, in text: String) throws -> String {
  let range = try #require(text.range(of: part))
  return text.replacingCharacters(in: range, with: other)
}
