import PenumbraCompute
import Testing

@Suite(.serialized)
struct InstructionSetTests {
  @Test(arguments: InstructionSet.allCases)
  func `parses its own names`(isa: InstructionSet) {
    #expect(InstructionSet(isa.description) == isa)
  }

  @Test(arguments: ["", "AVX2", "sse", "avx2 "])
  func `rejects other names`(name: String) {
    #expect(InstructionSet(name) == nil)
  }

  @Test(arguments: InstructionSet.allCases)
  func `never chooses kernels above the limit or beyond the machine`(isa: InstructionSet) {
    let chosen = Kernels(upTo: isa).instructionSet
    #expect(chosen.isSupported)
    #expect(chosen <= isa || !InstructionSet.avx2.isSupported)
  }

  @Test func `detects the best supported set`() {
    #expect(InstructionSet.detected == everyTier.max())
  }

  @Test func `lowers the current kernels and raises them again`() {
    Kernels.limit(to: .baseline)
    #expect(Kernels.current.instructionSet == Kernels(upTo: .baseline).instructionSet)
    Kernels.limit(to: .avx512)
    #expect(Kernels.current.instructionSet == .detected)
  }

  @Test(arguments: Activation.allCases)
  func `knows each activation by the name of cfg files`(activation: Activation) {
    #expect(Activation(name: activation.name) == activation)
    #expect(Activation(name: activation.name.uppercased()) == nil)
  }

  @Test func `has the twenty elementwise activations`() {
    #expect(Activation.allCases.count == 20)
  }
}
