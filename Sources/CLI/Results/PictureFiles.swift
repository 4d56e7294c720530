import PenumbraSupport

/// The files that a run makes from its pictures, one from each: no two of one name, none of them an
/// input, and none in the place of an earlier file, unless that was asked for.
///
/// All that is known before the run is checked before the run.
struct PictureFiles {
  typealias Naming = (_ picture: String) -> (stem: String, ending: String)

  private var plan: OutputPlan
  private let overwrites: Bool
  private let naming: Naming
  private var taken: Set<OutputPlace> = []
  /// Of each name that was wanted before, the number to try next.
  private var numbers: [String: Int] = [:]
  /// The files of each picture, those for its later turns first.
  private var planned: [String: [String]] = [:]
  /// What the files of this run are, under whatever names.
  private var written: Set<FileIdentity> = []

  /// - Parameters:
  ///   - plan: what the run reads.
  ///   - pictures: those that are known, in their order.
  init(
    _ plan: OutputPlan, of pictures: [String], overwrites: Bool, naming: @escaping Naming
  ) throws {
    (self.plan, self.overwrites, self.naming) = (plan, overwrites, naming)
    for picture in pictures { planned[picture, default: []].append(try newPath(picture)) }
    for picture in planned.keys { planned[picture]?.reverse() }
  }

  /// Where the file of a picture goes.
  mutating func path(of picture: String) throws -> String {
    try checkUnwritten(picture)
    if let path = planned[picture]?.popLast() {
      // It was free, or ours to replace, when the run began.
      guard let status = FileStatus(path), written.contains(status.identity) else { return path }
      throw WriteError(path, .taken)
    }
    plan.reads([picture], as: "a picture")
    return try newPath(picture)
  }

  /// - Throws: where the picture that was read is what this run made of another one.
  private func checkUnwritten(_ picture: String) throws {
    guard !written.isEmpty, let status = FileStatus(picture), written.contains(status.identity)
    else { return }
    throw WriteError(picture, .isInput("a picture"))
  }

  /// Notes that a file is there.
  mutating func wrote(_ path: String) {
    if let status = FileStatus(path) { written.insert(status.identity) }
  }

  /// Where a picture already has the name, `-2`, `-3` and so on come before its ending.
  ///
  /// Letters count as the same in either case, as on some disks they are.
  private mutating func newPath(_ picture: String) throws -> String {
    let (stem, ending) = naming(picture)
    let wanted = stem + "." + ending
    var number = numbers[wanted, default: 1]
    var path = number == 1 ? wanted : "\(stem)-\(number).\(ending)"
    while try !take(path) {
      number += 1
      path = "\(stem)-\(number).\(ending)"
    }
    numbers[wanted] = number + 1
    guard !plan.isClaimed(path) else { throw WriteError(path, .taken) }
    if number > 1 { standardError("note: \(wanted) is taken, writing \(path)") }
    if isThere(path) {
      try plan.protects(path)
      guard overwrites else { throw WriteError(path, .exists) }
    }
    return path
  }

  /// - Throws: where no file can be.
  private mutating func take(_ path: String) throws(WriteError) -> Bool {
    guard let place = OutputPlace(path, ignoresCase: true) else {
      try AtomicFile.check(path)
      throw WriteError(path, .notRegular)
    }
    return taken.insert(place).inserted
  }
}
