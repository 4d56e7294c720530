#ifndef CEXPAT_H
#define CEXPAT_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#define CEXPAT_NULLABLE _Nullable
#else
#define CEXPAT_NULLABLE
#endif

/// Receives a document piece by piece. An answer of false ends the parsing.
typedef struct {
  void *CEXPAT_NULLABLE context;
  bool (*open)(void *CEXPAT_NULLABLE context, const char *name);
  bool (*text)(void *CEXPAT_NULLABLE context, const char *bytes, size_t length);
  bool (*close)(void *CEXPAT_NULLABLE context);
} CExpatHandler;

typedef enum __attribute__((enum_extensibility(closed))) {
  CExpatStateGood,
  /// It is no well-formed XML, or in an encoding that expat does not know.
  CExpatStateMalformed,
  /// It has a DOCTYPE: entities, notations and other files are never read.
  CExpatStateDoctype,
  /// A tag or comment is longer than CEXPAT_LONGEST_TOKEN, for which expat would need memory and
  /// time that grows with its square.
  CExpatStateLongToken,
  /// A handler has answered false.
  CExpatStateStopped,
} CExpatState;

enum { CEXPAT_LONGEST_TOKEN = 1 << 20 };

typedef struct CExpatParser CExpatParser;

/// Why the library cannot be used; NULL where it was loaded. Thread-safe.
const char *CEXPAT_NULLABLE cexpat_load_failure(void);

/// NULL without the library or without memory.
CExpatParser *CEXPAT_NULLABLE cexpat_begin(CExpatHandler handler);
void cexpat_end(CExpatParser *parser);

/// Parses the next bytes of a document, NULL where there are none. After any other answer than Good nothing more is parsed.
CExpatState cexpat_parse(
    CExpatParser *parser, const char *CEXPAT_NULLABLE bytes, int length, bool is_last);

/// Where the parser is, from 1.
size_t cexpat_line(const CExpatParser *parser);
size_t cexpat_column(const CExpatParser *parser);
/// What is wrong with a malformed document; static storage.
const char *cexpat_reason(const CExpatParser *parser);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
