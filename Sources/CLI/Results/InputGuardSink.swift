import PenumbraSupport

/// Refuses a result in the place of a picture whose path came to light during the run: before the
/// other sinks put theirs in place.
struct InputGuardSink<Found>: ResultSink {
  let output: String
  var plan: OutputPlan

  mutating func add(_ picture: PictureResult<Found>) {
    plan.reads([picture.path], as: "a picture")
  }

  mutating func finish() throws { try plan.protects(output) }
}
