import PenumbraCfg
public import PenumbraCompute

/// Every activation that a cfg can name: the elementwise ones, and three that normalise each pixel
/// across its channels.
public enum ActivationFunction: Hashable, Sendable {
  case elementwise(Activation)
  case channels(ChannelNormalization)

  /// Formulas: Darknet `gemm.c` (`activate_array_normalize_channels` and its softmax variants).
  public enum ChannelNormalization: String, Hashable, Sendable, CaseIterable {
    case positive = "normalize_channels"
    case softmax = "normalize_channels_softmax"
    case softmaxMaximum = "normalize_channels_softmax_maxval"
  }

  public static let linear = Self.elementwise(.linear)
  public static let names =
    Activation.allCases.map(\.name)
    + ChannelNormalization.allCases.map(\.rawValue)

  public init?(name: String) {
    if let activation = Activation(name: name) {
      self = .elementwise(activation)
    } else if let normalization = ChannelNormalization(rawValue: name) {
      self = .channels(normalization)
    } else {
      return nil
    }
  }

  public var name: String {
    switch self {
    case .elementwise(let activation): activation.name
    case .channels(let normalization): normalization.rawValue
    }
  }
}

/// The `activation` key, and what the sections make of it.
///
/// Source: Darknet `activations.c` (`get_activation`): a name it does not know becomes ReLU.
enum ActivationKey {
  /// - Parameter fallback: what Darknet takes when the key is absent.
  static func key(default fallback: String) -> Key<String?> {
    Key(
      "activation", defaultText: fallback, "What is applied to every element of the output.",
      quirk: "A name that Darknet does not know becomes relu.")
  }

  static func read(
    _ key: Key<String?>, from section: inout SectionReader, warnsWhenAbsent: Bool = false
  ) -> ActivationFunction {
    guard let name = section.read(key) else {
      if warnsWhenAbsent, !section.has(key) {
        section.report(.missingActivation(section.spec.name, fallback: key.defaultText))
      }
      return ActivationFunction(name: key.defaultText) ?? .linear
    }
    if let activation = ActivationFunction(name: name) { return activation }
    section.report(.unknownActivation(name), at: key)
    return .elementwise(.relu)
  }

  /// Says where Darknet's sections without their own dispatch compute zeros.
  static func noteZeros(
    _ activation: ActivationFunction, _ key: Key<String?>, zeros: Set<String>,
    _ section: inout SectionReader
  ) {
    guard zeros.contains(activation.name) else { return }
    section.report(.zeroInDarknet(activation.name, section.spec.name), at: key)
  }

  static let zerosInShortcut: Set<String> = Set(
    ["hard_mish"] + ActivationFunction.ChannelNormalization.allCases.map(\.rawValue))
  static let zerosInPlainDispatch = zerosInShortcut.union(["swish", "mish"])
}
