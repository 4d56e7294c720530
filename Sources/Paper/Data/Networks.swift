/// A row of a table: a network with its parameters and BFLOPs as printed; empty where nothing is.
struct PrintedNetwork {
  enum Counting { case weights, numbers }

  let name: String
  /// The cfg below the zoo without its suffix; nil where the network is not in it.
  let cfg: String?
  /// Width and height; nil where the table does not say, then the cfg's own.
  let side: Int?
  let parameters: String
  let bflops: String
  /// What the table's "#Parameter" counts.
  let counting: Counting
  var misprints: (parameters: String?, bflops: String?) = (nil, nil)

  init(
    _ name: String, _ cfg: String?, _ side: Int?, _ parameters: String, _ bflops: String,
    counting: Counting = .weights,
    misprints: (parameters: String?, bflops: String?) = (nil, nil)
  ) {
    (self.name, self.cfg, self.side) = (name, cfg, side)
    (self.parameters, self.bflops) = (parameters, bflops)
    (self.counting, self.misprints) = (counting, misprints)
  }

  func figures(_ source: Source) -> [Figure] {
    let subject = name + (side.map { ", \($0)x\($0)" } ?? "")
    var figures: [Figure] = []
    if !parameters.isEmpty {
      let measure = cfg.map { counting == .weights ? Measure.weights($0) : .numbers($0) }
      figures.append(
        Figure(
          source: source, subject: subject, printed: parameters,
          measure: measure ?? .unknown(unit: "M parameters"), misprint: misprints.parameters))
    }
    if !bflops.isEmpty {
      figures.append(
        Figure(
          source: source, subject: subject, printed: bflops,
          measure: cfg.map { .bflops($0, side: side) } ?? .unknown(unit: "BFLOPs"),
          misprint: misprints.bflops))
    }
    return figures
  }
}

extension Figure {
  /// Every printed parameter and operation count, in the order of the sources.
  static let networks: [Figure] = {
    let tables: [(source: Source, rows: [PrintedNetwork])] = [
      (.table(1), table1), (.table(2), table2), (.table(3), table3), (.table(4), table4),
      (.repository, repository), (.partialResidual, partialResidual),
    ]
    return tables.flatMap { table in table.rows.flatMap { $0.figures(table.source) } }
  }()

  /// The ablation on ImageNet.
  private static let table1: [PrintedNetwork] = [
    PrintedNetwork("PeleeNet", "classify/peleenet", 224, "", "1.017"),
    PrintedNetwork("SPeleeNet", "classify/sparsepeleenet", 224, "", "0.904"),
    PrintedNetwork("PeleeNeXt", "classify/peleenext", 224, "", "0.837"),
    PrintedNetwork(
      "CSP fusion first, gamma 0.75", "classify/csppeleenet-fusion-first-gamma75", 224, "", "0.649"),
    PrintedNetwork(
      "CSP fusion first, gamma 0.5", "classify/csppeleenet-fusion-first", 224, "", "0.755"),
    PrintedNetwork(
      "CSP fusion first, gamma 0.25", "classify/csppeleenet-fusion-first-gamma25", 224, "", "0.861"),
    PrintedNetwork(
      "CSP fusion last, gamma 0.75", "classify/csppeleenet-fusion-last-gamma75", 224, "", "0.716"),
    PrintedNetwork(
      "CSP fusion last, gamma 0.5", "classify/csppeleenet-fusion-last", 224, "", "0.804"),
    PrintedNetwork(
      "CSP fusion last, gamma 0.25", "classify/csppeleenet-fusion-last-gamma25", 224, "", "0.902"),
    PrintedNetwork("CSPPeleeNet, gamma 0.75", "classify/csppeleenet-gamma75", 224, "", "0.800"),
    PrintedNetwork("CSPPeleeNet, gamma 0.5", "classify/csppeleenet", 224, "", "0.888"),
    PrintedNetwork("CSPPeleeNet, gamma 0.25", "classify/csppeleenet-gamma25", 224, "", "0.986"),
  ]

  /// Heads on CSPPeleeNet.
  private static let table2: [PrintedNetwork] = [
    PrintedNetwork("PRN", "detect/csppeleenet-prn", 416, "", "3.590"),
    PrintedNetwork("PRN, swish", "detect/csppeleenet-prn-swish", 416, "", "3.590"),
    PrintedNetwork("PRN-3l", "detect/csppeleenet-prn-3l", 416, "", "4.586"),
    PrintedNetwork("CEM", "detect/csppeleenet-cem", 416, "", "4.049"),
    PrintedNetwork("CEM (SAM)", "detect/csppeleenet-cem-sam", 416, "", "4.165"),
    PrintedNetwork("GFM", "detect/csppeleenet-gfm", 416, "", "4.605"),
    PrintedNetwork("EFM", "detect/csppeleenet-efm", 416, "", "4.868"),
    PrintedNetwork("EFM (GIoU)", "detect/csppeleenet-efm-giou", 416, "", "4.868"),
    PrintedNetwork("EFM (SAM)", "detect/csppeleenet-efm-sam", 416, "", "5.068"),
    PrintedNetwork("EFM (SPP)", "detect/csppeleenet-efm-spp", 416, "", "4.863"),
  ]

  /// ImageNet, beside others.
  private static let table3: [PrintedNetwork] = [
    PrintedNetwork("PeleeNet", "classify/peleenet", 224, "2.79", "1.017"),
    PrintedNetwork("PeleeNet-swish", "classify/peleenet-swish", 224, "2.79", "1.017"),
    PrintedNetwork("SEPeleeNet-swish", "classify/sepeleenet-swish", 224, "2.81", "1.017"),
    PrintedNetwork("CSPPeleeNet", "classify/csppeleenet", 224, "2.83", "0.888"),
    PrintedNetwork("CSPPeleeNet-swish", "classify/csppeleenet-swish", 224, "2.83", "0.888"),
    PrintedNetwork("SECSPPeleeNet-swish", "classify/secsppeleenet-swish", 224, "2.85", "0.888"),
    PrintedNetwork("SparsePeleeNet", "classify/sparsepeleenet", 224, "2.39", "0.904"),
    PrintedNetwork("EfficientNet-B0", "classify/efficientnet-b0", 224, "4.81", "0.915"),
    PrintedNetwork("Darknet Reference", "classify/darknet-ref", nil, "7.31", "0.96"),
    PrintedNetwork(
      "CSPDenseNet Reference", "classify/cspdensenet-ref", nil, "3.48", "0.886",
      misprints: (nil, suspectedReference)),
    PrintedNetwork("CSPPeleeNet Reference", "classify/csppeleenet-ref", nil, "4.10", "1.103"),
    PrintedNetwork("ResNet-10", "classify/resnet-10", nil, "5.24", "2.273"),
    PrintedNetwork("CSPResNet-10", "classify/cspresnet-10", nil, "2.73", "1.905"),
    PrintedNetwork("ResNeXt-50", "classify/resnext-50", 256, "22.19", "10.11"),
    PrintedNetwork("CSPResNeXt-50", "classify/cspresnext-50", 256, "20.50", "7.93"),
    PrintedNetwork("HarDNet-138s", nil, nil, "35.5", "13.4"),
    PrintedNetwork("DenseNet-264-32", nil, nil, "27.21", "11.03"),
    PrintedNetwork("ResNet-152", nil, nil, "60.2", "22.6"),
    PrintedNetwork("DenseNet-201-Elastic", nil, nil, "19.48", "8.77"),
    PrintedNetwork("CSPDenseNet-201-Elastic", nil, nil, "20.17", "7.13"),
    PrintedNetwork("Res2Net-50, 10 crops", nil, nil, "25.29", "84"),
    PrintedNetwork("Res2NeXt-50, 10 crops", nil, nil, "24.27", "84"),
  ]

  /// COCO, beside others.
  private static let table4: [PrintedNetwork] =
    [
      PrintedNetwork(
        "YOLOv3", "detect/yolov3", 608, "62.3", "140.7", misprints: (yolov3Parameters, nil)),
      PrintedNetwork("YOLOv3 (SPP)", "detect/yolov3-spp", 608, "62.9", "141.5"),
      PrintedNetwork("SSD, VGG16", nil, 300, "34.3", "70.4"),
      PrintedNetwork(
        "YOLOv3", "detect/yolov3", 416, "62.3", "65.9", misprints: (yolov3Parameters, nil)),
      PrintedNetwork(
        "YOLOv3", "detect/yolov3", 320, "62.3", "39.0", misprints: (yolov3Parameters, nil)),
      PrintedNetwork("CSPResNeXt50-PANet (SPP)", resnext, 608, "56.9", "100.6"),
      PrintedNetwork("CSPResNeXt50-PANet (SPP)", resnext, 512, "56.9", "71.3"),
      PrintedNetwork("CSPResNeXt50-PANet (SPP)", resnext, 416, "56.9", "47.1"),
      PrintedNetwork("CSPResNeXt50-PANet (SPP)", resnext, 320, "56.9", "27.9"),
      PrintedNetwork("Pelee (SSD), PeleeNet", nil, 304, "5.98", "2.58"),
      PrintedNetwork("CSPPeleeNet-EFM (SAM)", "detect/csppeleenet-efm-sam", 512, "4.31", "7.68"),
      PrintedNetwork("CSPPeleeNet-EFM (SAM)", "detect/csppeleenet-efm-sam", 416, "4.31", "5.07"),
      PrintedNetwork(
        "PeleeNet-PRN", "detect/peleenet-prn", 416, "3.16", "4.04", counting: .numbers),
      PrintedNetwork(
        "CSPPeleeNet Ref.-EFM (SAM)", "detect/csppeleenet-ref-efm-sam", 320, "5.67", "3.43"),
      PrintedNetwork("ThunderNet, SNet535", nil, 320, "", "2.60"),
      PrintedNetwork(
        "CSPDenseNet Ref.-EFM (SAM)", "detect/cspdensenet-ref-efm-sam", 320, "5.05", "2.89"),
      PrintedNetwork("ThunderNet, SNet146", nil, 320, "", "0.95"),
      PrintedNetwork("ThunderNet, SNet49", nil, 320, "", "0.52"),
      PrintedNetwork(
        "CSPPeleeNet Ref.-PRN (3l)", "detect/csppeleenet-ref-prn-3l", 320, "4.79", "3.15"),
      PrintedNetwork("CSPPeleeNet Ref.-PRN", "detect/csppeleenet-ref-prn", 320, "4.59", "2.56"),
      PrintedNetwork(
        "YOLOv3-tiny", "detect/yolov3-tiny", 416, "8.86", "5.57", counting: .numbers),
      PrintedNetwork("CSPDenseNet Ref.-PRN", "detect/cspdensenet-ref-prn", 320, "3.97", "2.01"),
      PrintedNetwork(
        "YOLOv3-tiny-PRN", "detect/yolov3-tiny-prn", 416, "4.96", "3.47", counting: .numbers,
        misprints: (tinyPRNParameters, nil)),
      PrintedNetwork("CSPDenseNetb Ref.-PRN", "detect/cspdensenetb-ref-prn", 320, "1.87", "1.59"),
    ]

  private static let repository: [PrintedNetwork] = [
    PrintedNetwork("Darknet-53", "classify/darknet-53", 256, "41.57", "18.57"),
    PrintedNetwork("CSPDarknet-53", "classify/cspdarknet-53", 256, "27.61", "13.07"),
    PrintedNetwork("CSPDarknet-53-Elastic", "classify/cspdarknet-53-elastic", 256, "", "7.74"),
    PrintedNetwork("ResNet-50", "classify/resnet-50-pool-first", 256, "22.73", "9.74"),
    PrintedNetwork("CSPResNet-50", "classify/cspresnet-50", 256, "21.57", "8.97"),
    PrintedNetwork("CSPResNet-50-Elastic", "classify/cspresnet-50-elastic", 256, "", "9.36"),
    PrintedNetwork("ResNeXt-50", "classify/resnext-50", 256, "22.19", "10.11"),
    PrintedNetwork("CSPResNeXt-50", "classify/cspresnext-50", 256, "20.50", "7.93"),
    PrintedNetwork("CSPResNeXt-50-Elastic", "classify/cspresnext-50-elastic", 256, "", "5.45"),
    PrintedNetwork("CSPResNeXt-50+Elastic", nil, 256, "", "7.82"),
    PrintedNetwork("DenseNet-201+Elastic", nil, nil, "19.48", "8.77"),
    PrintedNetwork("CSPDenseNet-201+Elastic", nil, nil, "20.17", "7.13"),
    PrintedNetwork("Res2NetLite-72", nil, nil, "", "5.19"),
    PrintedNetwork("MobileNetV2", "classify/mobilenet-v2", nil, "3.47", "0.858"),
    PrintedNetwork("CSPMobileNetV2", "classify/cspmobilenet-v2", nil, "2.51", "0.764"),
    PrintedNetwork("CSPDenseNetb Ref.", "classify/cspdensenetb-ref", nil, "1.38", "0.631"),
    PrintedNetwork("CSPPeleeNetb Ref.", "classify/csppeleenetb-ref", nil, "2.01", "0.897"),
    PrintedNetwork(
      "CSPDenseNet Ref.", "classify/cspdensenet-ref", nil, "3.48", "0.886",
      misprints: (nil, suspectedReference)),
    PrintedNetwork("CSPPeleeNet Ref.", "classify/csppeleenet-ref", nil, "4.10", "1.103"),
    PrintedNetwork("PeleeNet-Mish", "classify/peleenet-mish", nil, "2.79", "1.017"),
    PrintedNetwork("CSPPeleeNet-Mish", "classify/csppeleenet-mish", nil, "2.83", "0.888"),
    PrintedNetwork("CSPResNeXt-50-Mish", "classify/cspresnext-50-mish", 256, "20.50", "7.93"),
    PrintedNetwork("MixNet-M-GPU", nil, nil, "", "1.065"),
  ]

  private static let partialResidual: [PrintedNetwork] =
    [
      PrintedNetwork(
        "Pelee-YOLOv3", "detect/peleenet-yolo", 320, "3.91", "2.99", counting: .numbers),
      PrintedNetwork(
        "Pelee-YOLOv3", "detect/peleenet-yolo", 416, "3.91", "5.06", counting: .numbers),
      PrintedNetwork(
        "Pelee-FPN", "detect/peleenet-fpn", 320, "3.75", "2.86", counting: .numbers),
      PrintedNetwork(
        "Pelee-FPN", "detect/peleenet-fpn", 416, "3.75", "4.84", counting: .numbers),
      PrintedNetwork(
        "Pelee-PRN", "detect/peleenet-prn", 320, "3.16", "2.39", counting: .numbers),
      PrintedNetwork(
        "Pelee-PRN", "detect/peleenet-prn", 416, "3.16", "4.04", counting: .numbers),
      PrintedNetwork(
        "Pelee-PRN-3l", "detect/peleenet-prn-3l", 320, "3.36", "3.98", counting: .numbers,
        misprints: (
          nil, "a slip for 2.98: operations go with the pixels, and the row of 416x416 agrees"
        )),
      PrintedNetwork(
        "Pelee-PRN-3l", "detect/peleenet-prn-3l", 416, "3.36", "5.03", counting: .numbers),
      PrintedNetwork("Pelee-PAN", nil, 416, "", "4.99"),
      PrintedNetwork("Pelee-PAN2", nil, 416, "", "4.33"),
      PrintedNetwork("SparsePelee-PRN", "detect/sparsepeleenet-prn", 320, "", "2.16"),
      PrintedNetwork("SparsePelee-PRN", "detect/sparsepeleenet-prn", 416, "", "3.65"),
      PrintedNetwork("PartialPelee-PRN", nil, 320, "", "2.17"),
      PrintedNetwork("PartialPelee-PRN", nil, 416, "", "3.67"),
      PrintedNetwork("PartialXPelee-PRN", nil, 416, "", "4.17"),
      PrintedNetwork("Pelee2-CEM", nil, 416, "", "4.81"),
      PrintedNetwork("Pelee2-CEM-SAM", nil, 416, "", "4.90"),
      PrintedNetwork(
        "YOLOv3-tiny", "detect/yolov3-tiny", 416, "8.86", "5.571", counting: .numbers),
      PrintedNetwork(
        "YOLOv3-tiny-PRN", "detect/yolov3-tiny-prn", 416, "4.95", "3.467", counting: .numbers,
        misprints: (tinyPRNParameters, nil)),
      PrintedNetwork("EfficientNet-B0-PRN", "detect/efficientnet-b0-prn", 416, "", "3.730"),
      PrintedNetwork("EfficientNet-B0-PRN", "detect/efficientnet-b0-prn", 320, "", "2.208"),
    ]

  private static let resnext = "detect/cspresnext-50-panet-spp"
  private static let yolov3Parameters =
    "fits no count of the published cfg, which has 61.9 M weights and 62.0 M numbers"
  private static let tinyPRNParameters =
    "printed as 4.96 and as 4.95; the published cfg and its weights file hold 4.94 M numbers"
  private static let suspectedReference =
    "perhaps a slip for 0.836: the detectors on this backbone agree with that"
}
