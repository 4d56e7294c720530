import Foundation
import Penumbra
import PenumbraEngine
import PenumbraSupport

/// A form that results are printed in: picture by picture, so that memory does not grow.
protocol ResultFormat<Found> {
  associatedtype Found
  /// What comes before the first picture, between two and after the last.
  var opening: String { get }
  var separator: String { get }
  var closing: String { get }

  /// One picture's results; empty where it adds nothing.
  ///
  /// - Parameter number: of the picture, from 1.
  func text(_ picture: PictureResult<Found>, number: Int) throws -> String
}

extension ResultFormat {
  var opening: String { "" }
  var separator: String { "" }
  var closing: String { "" }
}

/// Takes results picture by picture and leaves them somewhere.
protocol ResultSink<Found> {
  associatedtype Found
  mutating func add(_ picture: PictureResult<Found>) throws
  mutating func finish() throws
}

extension ResultSink {
  mutating func finish() throws {}
}

/// Prints results in one format.
struct PrintingSink<Found>: ResultSink {
  private let format: any ResultFormat<Found>
  private let stream: ResultStream
  private var pictures = 0
  private var isFirst = true

  init(_ format: any ResultFormat<Found>, to stream: ResultStream) throws {
    self.format = format
    self.stream = stream
    try stream.write(format.opening)
  }

  mutating func add(_ picture: PictureResult<Found>) throws {
    pictures += 1
    let text = try format.text(picture, number: pictures)
    guard !text.isEmpty else { return }
    try stream.write(isFirst ? text : format.separator + text)
    isFirst = false
  }

  mutating func finish() throws {
    try stream.write(format.closing)
    try stream.finish()
  }
}

// MARK: Building blocks

/// A number with a fixed count of decimals, as C's `%.nf`.
func fixed(_ value: some BinaryFloatingPoint, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", Double(value))
}

extension String {
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }

  func rightPadded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
