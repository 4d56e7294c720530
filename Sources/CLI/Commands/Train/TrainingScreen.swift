import Foundation
import PenumbraSupport
import PenumbraTraining

/// Where people see how a run goes.
protocol TrainingScreen: AnyObject {
  func show(_ event: TrainingEvent)
  func warn(_ text: String)
  /// Makes room for other text.
  func clear()
  func finish(_ end: TrainingEnd, best: TrainingState.Best?, names: CheckpointNames)
}

/// A line on stderr that changes where that is a terminal, and a line now and then where it is not.
final class TrainingProgress: TrainingScreen {
  private let isTerminal = isatty(2) == 1
  private var iterations: Int?
  private var validation: ValidationRecord?
  private var lastShown: ContinuousClock.Instant?
  private var isLineShown = false
  private static let (terminalPause, plainPause) = (
    Duration.milliseconds(100), Duration.seconds(10)
  )

  func show(_ event: TrainingEvent) {
    switch event {
    case .start(let start):
      iterations = start.iterations
      warn(ProgressText.memory(start))
      if start.iteration > 0 { warn("goes on after iteration \(start.iteration)") }
    case .iteration(let record): show(record)
    case .validation(let record):
      validation = record
      warn(ProgressText.line(record))
    case .checkpoint: break
    case .warning(let text, let iteration): warn("iteration \(iteration): \(text)")
    case .end: clear()
    }
  }

  private func show(_ record: IterationRecord) {
    let now = ContinuousClock.now
    let pause = isTerminal ? Self.terminalPause : Self.plainPause
    let isLast = record.iteration == iterations
    if let lastShown, now - lastShown < pause, !isLast { return }
    lastShown = now
    let line = ProgressText.line(record, iterations: iterations, validation: validation)
    if isTerminal {
      isLineShown = true
      write("\r\u{1B}[K" + line)
    } else {
      write(line + "\n")
    }
  }

  func warn(_ text: String) {
    clear()
    write(text + "\n")
  }

  func clear() {
    guard isLineShown else { return }
    isLineShown = false
    // What it said last stays readable above.
    write("\n")
  }

  func finish(_ end: TrainingEnd, best: TrainingState.Best?, names: CheckpointNames) {
    clear()
    if end == .interrupted {
      warn("interrupted; the same command with --resume goes on from \(names.state.shownPath)")
      return
    }
    if end == .stoppedEarly { warn("ended early: the metric was not better for a while") }
    if end == .outOfTime { warn("ended: its time was over; --resume goes on") }
    Output.line("weights  \(names.weights(.final).printable)")
    if let best {
      Output.line(
        "best     \(names.weights(.best).printable): \(best.metric) \(best.value.text(4)) at iteration"
          + " \(best.iteration)")
    }
  }

  private func write(_ text: String) { StandardError.write(text) }
}
