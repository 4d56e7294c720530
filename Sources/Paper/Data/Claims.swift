/// What the paper says of one network beside another, or of a single layer.
extension Figure {
  static let claims: [Figure] = [
    claim(
      .text, "CSPPeleeNet takes fewer BFLOPs than PeleeNet", "-13",
      bflops("classify/peleenet", "classify/csppeleenet")),
    claim(
      .text, "CSPPeleeNet with gamma 0.25 takes fewer than PeleeNet", "-3",
      bflops("classify/peleenet", "classify/csppeleenet-gamma25")),
    claim(
      .text, "fusion last takes fewer than PeleeNet", "-21",
      bflops("classify/peleenet", "classify/csppeleenet-fusion-last")),
    claim(
      .text, "fusion last with gamma 0.25 takes fewer than PeleeNet", "-11",
      bflops("classify/peleenet", "classify/csppeleenet-fusion-last-gamma25")),
    claim(
      .text, "fusion first takes fewer than PeleeNet", "-26",
      bflops("classify/peleenet", "classify/csppeleenet-fusion-first")),
    claim(
      .table(3), "CSPResNet-10 takes fewer than ResNet-10", "-16",
      bflops("classify/resnet-10", "classify/cspresnet-10")),
    claim(
      .table(3), "CSPResNeXt-50 takes fewer than ResNeXt-50", "-22",
      bflops("classify/resnext-50", "classify/cspresnext-50")),
    claim(
      .table(3), "CSPDenseNet-201-Elastic takes fewer than DenseNet-201-Elastic", "-19",
      .unknown(unit: "%")),
    claim(.text, "CIO of ResNeXt-50", "34.4", .cio("classify/resnext-50", side: 256)),
    claim(.text, "CIO of CSPResNeXt-50", "32.6", .cio("classify/cspresnext-50", side: 256)),
    claim(
      .figure7, "most expensive layer of PeleeNet-YOLO, 416x416", "0.997",
      .ceiling("detect/peleenet-yolo", side: 416)),
    claim(
      .figure7, "most expensive layer of PeleeNet-PRN, 416x416", "0.354",
      .ceiling("detect/peleenet-prn", side: 416)),
    claim(
      .figure7, "most expensive layer of CSPPeleeNet-EFM, 416x416", "0.199",
      .ceiling("detect/csppeleenet-efm", side: 416)),
    claim(
      .figure7, "layers of PeleeNet-PRN that cost as much", "3",
      .layersAtCeiling("detect/peleenet-prn", side: 416)),
    claim(
      .figure7, "the ceiling of CSPPeleeNet-EFM is lower than that of PeleeNet-PRN", "-44",
      .change(
        .ceiling("detect/peleenet-prn", side: 416), .ceiling("detect/csppeleenet-efm", side: 416))),
    claim(
      .figure7, "the ceiling of CSPPeleeNet-EFM is lower than that of PeleeNet-YOLO", "-80",
      .change(
        .ceiling("detect/peleenet-yolo", side: 416), .ceiling("detect/csppeleenet-efm", side: 416))),
    claim(
      .text, "maxout saves memory while the pyramid is built", "75",
      .maxoutSaving("detect/csppeleenet-efm", side: 416)),
  ]

  private static func claim(
    _ source: Source, _ subject: String, _ printed: String, _ measure: Measure
  ) -> Figure {
    Figure(source: source, subject: subject, printed: printed, measure: measure)
  }

  private static func bflops(_ from: String, _ to: String) -> Measure {
    .change(.bflops(from, side: nil), .bflops(to, side: nil))
  }
}
