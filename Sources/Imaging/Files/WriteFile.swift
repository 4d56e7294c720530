import PenumbraSupport

/// Writes a file so that readers see all of it or the old one.
func writeFile(
  _ bytes: [UInt8], to path: String, durability: AtomicFile.Durability
) throws(ImageError) {
  do throws(WriteError) {
    try AtomicFile.write(bytes, to: path, durability: durability)
  } catch {
    throw ImageError(.unwritable(error), path: path)
  }
}
