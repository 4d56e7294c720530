public import ArgumentParser
import Foundation
public import PenumbraData

extension AnnotationFormat: ExpressibleByArgument {}
extension AnnotationSet.Pictures: ExpressibleByArgument {}
extension DataSetPart: ExpressibleByArgument {}

/// `penumbra data convert`: boxes from one format to another.
struct DataConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Converts boxes between YOLO text, COCO JSON and Pascal VOC XML.",
    discussion: """
      yolo is a .data file, a list of images or a folder of them, with a label file each; written, it \
      is a folder to train on: labels, links to the pictures, list.txt, classes.names, set.data. \
      coco is one .json file. voc is a folder of .xml files, with classes.names for the order of the \
      classes. The format of an input is found by what it is; that of an output by .json, or --to.

      Pixels come back as they were: of all boxes that a label with its few decimals can mean, the \
      one with the fewest decimals of a pixel is taken. What a format cannot hold is left behind: \
      YOLO and VOC leave out COCO's crowds, only VOC marks what is difficult, and segmentations and \
      key points are not read.

      A fault stops the conversion, unless --skip-faults. Nothing that exists is overwritten, unless \
      --force.

      EXAMPLE
        penumbra data convert bccd.data bccd.json
        penumbra data convert instances_val2017.json coco --to yolo --images val2017

      EXIT STATUS
        0 written, 65 a fault, or a file in the way, 66 there is no such file, 73 cannot be written.
      """)

  @Argument(help: "What to convert.") var input: String
  @Argument(help: "The .json file or the folder to write.") var output: String
  @Option(help: "Format of the input: yolo, coco or voc.") var from: AnnotationFormat?
  @Option(help: "Format of the output: yolo, coco or voc.") var to: AnnotationFormat?
  @Option(help: "Which part of a .data file: train or valid.") var part = DataSetPart.train
  @Option(help: "A file with the name of a class a line, for an input that names none itself.")
  var names: String?
  @Option(help: "The folder of the pictures that COCO or VOC files name.") var images: String?
  @Option(help: "What a yolo folder gets of the pictures: link, copy or none.")
  var pictures = AnnotationSet.Pictures.link
  @Option(help: "Decimals of YOLO labels, 1 to 12.") var decimals = 6
  @Flag(help: "Leave out what is faulty, and say so.") var skipFaults = false
  @Flag(help: "Replace files that exist.") var force = false

  func validate() throws {
    guard (1...12).contains(decimals) else {
      throw ValidationError("--decimals is \(decimals), expected 1 to 12")
    }
    _ = try target()
  }

  func run() throws {
    let (source, target) = (try sourceFormat(), try target())
    let set = try read(source)
    for fault in set.faults { standardError(fault.description) }
    let files =
      switch target {
      case .yolo: try set.yoloFiles(in: output, pictures: pictures, decimals: decimals)
      case .coco: [try set.cocoFile(output)]
      case .voc: try set.vocFiles(in: output)
      }
    try files.write(replaces: force)
    let objects = set.images.lazy.flatMap(\.objects)
    let crowds = target == .coco ? 0 : objects.count { $0.isCrowd }
    standardError(
      "\(source.rawValue) to \(target.rawValue): \(counted(set.images.count, "image")), "
        + counted(objects.count - crowds, "box", plural: "boxes")
        + (crowds > 0 ? "; \(counted(crowds, "crowd")) left out" : ""))
  }

  private func read(_ format: AnnotationFormat) throws -> AnnotationSet {
    let classNames = try names.map { try [String](namesFile: $0) }
    let policy = skipFaults ? FaultPolicy.skip : .stop
    switch format {
    case .yolo:
      return try AnnotationSet(
        yolo: input, part: part, classNames: classNames, policy: policy)
    case .coco: return try AnnotationSet(coco: input, imagesFolder: images, policy: policy)
    case .voc:
      return try AnnotationSet(
        voc: input, imagesFolder: images, classNames: classNames, policy: policy)
    }
  }

  private func sourceFormat() throws -> AnnotationFormat {
    if let from { return from }
    guard let isFolder = isFolder(input) else {
      throw InputError(
        "\(input): there is no such file", help: "check the path", status: .notFound)
    }
    let ending = fileExtension(input).lowercased()
    if ending == "json" { return .coco }
    if ending == "xml" { return .voc }
    guard isFolder else { return .yolo }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: input)) ?? []
    return names.contains { $0.hasSuffix(".xml") } ? .voc : .yolo
  }

  private func target() throws -> AnnotationFormat {
    if let to { return to }
    guard fileExtension(output).lowercased() == "json" else {
      throw ValidationError("say with --to what '\(output)' shall be: yolo, coco or voc")
    }
    return .coco
  }
}
