extension String {
  /// The text in the printable ASCII that `Lettering` can draw.
  ///
  /// Latin letters lose their marks, Greek and Cyrillic are spelled, white space becomes a space,
  /// anything else a question mark for each character.
  package var transliteratedToASCII: String { map(asciiSpelling).joined() }
}

private func asciiSpelling(_ character: Character) -> String {
  if character.isWhitespace { return " " }
  // Marks that follow a letter as scalars of their own are dropped with the rest.
  guard let letter = character.unicodeScalars.first else { return "?" }
  return (" "..."~").contains(letter) ? String(letter) : spellings[letter] ?? "?"
}

/// What replaces each known letter.
private let spellings: [Unicode.Scalar: String] = {
  let table = [
    "A": "ÀÁÂÃÅĀĂĄΑΆА", "a": "àáâãåāăąαάаª", "AE": "ÄÆ", "ae": "äæ", "B": "Б", "b": "б",
    "C": "ÇĆĈĊČ", "c": "çćĉċč", "Ch": "ЧΧ", "ch": "чχ", "D": "ÐĎĐДΔ", "d": "ðďđдδ",
    "E": "ÈÉÊËĒĔĖĘĚЕЁЭΕΈΗΉ", "e": "èéêëēĕėęěеёэεέηή", "F": "Ф", "f": "ф", "G": "ĜĞĠĢГҐΓ",
    "g": "ĝğġģгґγ", "H": "ĤĦ", "h": "ĥħ", "I": "ÌÍÎÏĨĪĬĮİИІΙΊ", "i": "ìíîïĩīĭįıиіιίϊΐ",
    "J": "Ĵ", "j": "ĵ", "K": "ĶКΚ", "k": "ķкκ", "Kh": "Х", "kh": "х", "L": "ĹĻĽĿŁЛΛ",
    "l": "ĺļľŀłлλ", "M": "МΜ", "m": "мμµ", "N": "ÑŃŅŇНΝ", "n": "ñńņňнν",
    "O": "ÒÓÔÕŌŎŐОΟΌΩΏ", "o": "òóôõōŏőоοόωώº", "OE": "ÖØŒ", "oe": "öøœ", "P": "ПΠ", "p": "пπ",
    "Ph": "Φ", "ph": "φ", "Ps": "Ψ", "ps": "ψ", "R": "ŔŖŘРΡ", "r": "ŕŗřрρ", "S": "ŚŜŞŠȘСΣ",
    "s": "śŝşšșсσς", "Sh": "Ш", "sh": "ш", "Shch": "Щ", "shch": "щ", "ss": "ß", "SS": "ẞ",
    "T": "ŢŤŦȚТΤ", "t": "ţťŧțтτ", "Th": "ÞΘ", "th": "þθ", "Ts": "Ц", "ts": "ц",
    "U": "ÙÚÛŨŪŬŮŰŲУ", "u": "ùúûũūŭůűųу", "UE": "Ü", "ue": "ü", "V": "ВΒ", "v": "вβ",
    "W": "Ŵ", "w": "ŵ", "X": "Ξ", "x": "ξ×", "Y": "ÝŶŸЫЙΥΎ", "y": "ýÿŷыйυύϋΰ", "Ya": "Я",
    "ya": "я", "Ye": "Є", "ye": "є", "Yi": "Ї", "yi": "ї", "Yu": "Ю", "yu": "ю", "Z": "ŹŻŽЗΖ",
    "z": "źżžзζ", "Zh": "Ж", "zh": "ж", "": "ЪЬъь", "'": "‘’‚‛", "\"": "“”„«»", "-": "‐‑‒–—−",
    "...": "…", "deg": "°",
  ]
  var spellings: [Unicode.Scalar: String] = [:]
  for (spelling, letters) in table {
    for letter in letters.unicodeScalars { spellings[letter] = spelling }
  }
  return spellings
}()
