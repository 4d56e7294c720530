/// A rewriting of a program that keeps what it computes.
public protocol Pass: Sendable {
  func apply(to program: inout Program)
}
