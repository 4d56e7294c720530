/// The files that a cfg may name, in keys such as `tree` and `map`.
///
/// A cfg may come from somebody else, and naming a file must not be a way to read it.
public enum CompanionAccess: Hashable, Sendable {
  /// Regular files by a relative path without `..`, found in the folder of the cfg, the folder above
  /// it or the working folder. A symbolic link that leads out of these folders counts as outside.
  case nearby
  /// Regular files anywhere, for cfgs that are trusted.
  case anywhere
}
