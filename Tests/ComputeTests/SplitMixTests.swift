import PenumbraCompute
import Testing
