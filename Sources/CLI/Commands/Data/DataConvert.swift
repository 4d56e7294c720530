public import ArgumentParser
import Foundation
public import PenumbraData
import PenumbraSupport

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
      classes, or a folder above such ones: VOCdevkit, or VOC2007 with Annotations and JPEGImages. The \
      format of an input is found by what it is; that of an output by .json, or --to.

      Pixels come back as they were: of all boxes that a label with its few decimals can mean, the \
      one with the fewest decimals of a pixel is taken. What a format cannot hold is left behind: \
      YOLO and VOC leave out COCO's crowds, only VOC marks what is difficult, and segmentations and \
      key points are not read; a yolo folder leaves out pictures that Darknet finds no labels for \
      (.gif, .tga, .psd and others) and boxes that would be rounded to nothing, which are faults.

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
  @Option(help: "Which part of a .data file: train (the default) or valid.")
  var part: DataSetPart?
  @Option(help: "A file with the name of a class a line, for an input that names none itself.")
  var names: String?
  @Option(help: "The folder of the pictures that COCO or VOC files name.") var images: String?
  @Option(help: "What a yolo folder gets of the pictures: link (the default), copy or none.")
  var pictures: AnnotationSet.Pictures?
  @Option(help: "Decimals of YOLO labels, 1 to 12; 6 by default.") var decimals: Int?
  @Flag(help: "Leave out what is faulty, and say so.") var skipFaults = false
  @Flag(help: "Replace files that exist.") var force = false

  func validate() throws {
    if let decimals, !(1...12).contains(decimals) {
      throw ValidationError("--decimals is \(decimals), expected 1 to 12")
    }
    let target = try target()
    if target != .yolo, pictures != nil || decimals != nil {
      let option = pictures != nil ? "--pictures" : "--decimals"
      throw ValidationError("\(option) is for a yolo folder, not for \(target.rawValue)")
    }
  }

  /// Options that would do nothing with such an input.
  private func check(_ source: AnnotationFormat) throws {
    if source == .yolo, images != nil {
      throw ValidationError("--images is for COCO and VOC files; yolo labels are beside pictures")
    }
    if source == .coco, names != nil {
      throw ValidationError("--names: a COCO file names its classes itself")
    }
    guard source == .yolo, case .data = try DataLocation(input) else {
      guard part == nil else {
        throw ValidationError("--part chooses from a .data file, which '\(input)' is not")
      }
      return
    }
    guard names == nil else {
      throw ValidationError("--names: a .data file names its classes itself")
    }
  }

  func run() throws {
    let (source, target) = (try sourceFormat(), try target())
    try check(source)
    let set = try read(source)
    for fault in set.faults { standardError(fault.description) }
    if let text = FaultText.unlisted(set.faults) { standardError("note: \(text)") }
    guard !set.images.isEmpty || set.faults.isEmpty else {
      throw InputError(
        "\(input.shownPath): no image of it can be converted", help: "correct the faults above")
    }
    let files =
      switch target {
      case .yolo: try yoloFiles(set)
      case .coco: [try set.cocoFile(output)]
      case .voc: try set.vocFiles(in: output)
      }
    try protect(set, from: files)
    try files.write(replaces: force)
    let objects = set.images.lazy.flatMap(\.objects)
    let crowds = target == .coco ? 0 : objects.count { $0.isCrowd }
    standardError(
      "\(source.rawValue) to \(target.rawValue): \(counted(set.images.count, "image")), "
        + counted(objects.count - crowds, "box", plural: "boxes")
        + (crowds > 0 ? "; \(counted(crowds, "crowd")) left out" : ""))
  }

  /// - Throws: where a file to be written is one that was read.
  private func protect(_ set: AnnotationSet, from files: [ConvertedFile]) throws(WriteError) {
    var plan = OutputPlan()
    plan.reads(input, as: "what is converted")
    plan.reads(names, as: "the file of class names")
    plan.reads(dataSet: input)
    plan.reads(annotationFiles, as: "an annotation file")
    plan.reads(set.images.map(\.path), as: "a picture")
    // A picture that is in its place already stays there.
    for file in files where !file.isInPlace { try plan.protects(file.path) }
  }

  private var annotationFiles: [String] {
    guard isFolder(input) == true else { return [] }
    return Set([input] + AnnotationSet.vocFolders(input)).flatMap { folder in
      (folderEntries(folder) ?? [])
        .filter { ["xml", "names"].contains($0.fileExtension.lowercased()) }
        .map { folder + "/" + $0 }
    }
  }

  private func yoloFiles(_ set: AnnotationSet) throws -> [ConvertedFile] {
    let (pictures, decimals) = (pictures ?? .link, decimals ?? 6)
    for fault in set.yoloFaults(pictures: pictures, decimals: decimals) {
      guard skipFaults else { throw DataError(.fault(fault), file: fault.file) }
      standardError(fault.description)
    }
    return try set.yoloFiles(
      in: output, pictures: pictures, decimals: decimals, leavesOutMissing: skipFaults)
  }

  private func read(_ format: AnnotationFormat) throws -> AnnotationSet {
    let classNames = try names.map { try [String](namesFile: $0) }
    let policy = skipFaults ? FaultPolicy.skip : .stop
    switch format {
    case .yolo:
      return try AnnotationSet(
        yolo: input, part: part ?? .train, classNames: classNames, policy: policy)
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
    let ending = input.fileExtension.lowercased()
    if ending == "json" { return .coco }
    if ending == "xml" { return .voc }
    guard isFolder else { return .yolo }
    return AnnotationSet.vocFolders(input).isEmpty ? .yolo : .voc
  }

  private func target() throws -> AnnotationFormat {
    if let to { return to }
    guard output.fileExtension.lowercased() == "json" else {
      throw ValidationError("say with --to what '\(output)' shall be: yolo, coco or voc")
    }
    return .coco
  }
}
