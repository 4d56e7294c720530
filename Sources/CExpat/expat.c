// Expat, loaded when the first XML file is read: few commands read one.
#include "CExpat.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>

#if defined(__APPLE__)
#define LIBRARY "libexpat.1.dylib"
#else
#define LIBRARY "libexpat.so.1"
#endif

// What is used of expat.h, version 2: the interface of libexpat.so.1.
typedef struct XML_ParserStruct *XML_Parser;
typedef void (*StartElement)(void *, const char *name, const char **attributes);
typedef void (*EndElement)(void *, const char *name);
typedef void (*CharacterData)(void *, const char *bytes, int length);
typedef void (*StartDoctype)(
    void *, const char *name, const char *system, const char *public, int has_internal_subset);

static struct {
  XML_Parser (*create)(const char *encoding);
  void (*release)(XML_Parser);
  void (*set_user_data)(XML_Parser, void *);
  void (*set_elements)(XML_Parser, StartElement, EndElement);
  void (*set_text)(XML_Parser, CharacterData);
  void (*set_default)(XML_Parser, CharacterData);
  void (*set_start_doctype)(XML_Parser, StartDoctype);
  int (*parse)(XML_Parser, const char *bytes, int length, int is_last);
  int (*stop)(XML_Parser, unsigned char is_resumable);
  int (*error)(XML_Parser);
  const char *(*error_text)(int);
  unsigned long (*line)(XML_Parser);
  unsigned long (*column)(XML_Parser);
} expat;

static const char *load_failure;
static pthread_once_t load_once = PTHREAD_ONCE_INIT;

static void load(void) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    load_failure = LIBRARY " cannot be loaded";
    return;
  }
  const struct {
    void *target;
    const char *name;
  } functions[] = {
      {&expat.create, "XML_ParserCreate"},
      {&expat.release, "XML_ParserFree"},
      {&expat.set_user_data, "XML_SetUserData"},
      {&expat.set_elements, "XML_SetElementHandler"},
      {&expat.set_text, "XML_SetCharacterDataHandler"},
      {&expat.set_default, "XML_SetDefaultHandler"},
      {&expat.set_start_doctype, "XML_SetStartDoctypeDeclHandler"},
      {&expat.parse, "XML_Parse"},
      {&expat.stop, "XML_StopParser"},
      {&expat.error, "XML_GetErrorCode"},
      {&expat.error_text, "XML_ErrorString"},
      {&expat.line, "XML_GetCurrentLineNumber"},
      {&expat.column, "XML_GetCurrentColumnNumber"},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    void *function = dlsym(library, functions[i].name);
    if (!function) load_failure = LIBRARY " has not the functions of expat 2";
    *(void **)functions[i].target = function;
  }
}

const char *cexpat_load_failure(void) {
  pthread_once(&load_once, load);
  return load_failure;
}

struct CExpatParser {
  XML_Parser expat;
  CExpatHandler handler;
  CExpatState state;
  /// Bytes that were parsed since expat last had something to say.
  size_t silent;
};

static void stop(CExpatParser *parser, CExpatState state) {
  if (parser->state == CExpatStateGood) parser->state = state;
  expat.stop(parser->expat, 0);
}

/// Expat may call on after it was stopped.
static bool is_running(CExpatParser *parser) {
  parser->silent = 0;
  return parser->state == CExpatStateGood;
}

static void start_element(void *context, const char *name, const char **attributes) {
  (void)attributes;
  CExpatParser *parser = context;
  if (is_running(parser) && !parser->handler.open(parser->handler.context, name)) {
    stop(parser, CExpatStateStopped);
  }
}

static void end_element(void *context, const char *name) {
  (void)name;
  CExpatParser *parser = context;
  if (is_running(parser) && !parser->handler.close(parser->handler.context)) {
    stop(parser, CExpatStateStopped);
  }
}

static void character_data(void *context, const char *bytes, int length) {
  CExpatParser *parser = context;
  if (is_running(parser)
      && !parser->handler.text(parser->handler.context, bytes, (size_t)length)) {
    stop(parser, CExpatStateStopped);
  }
}

/// Comments, instructions, and what else is not asked for.
static void other_data(void *context, const char *bytes, int length) {
  (void)bytes, (void)length;
  is_running(context);
}

static void start_doctype(
    void *context, const char *name, const char *system, const char *public, int has_subset) {
  (void)name, (void)system, (void)public, (void)has_subset;
  stop(context, CExpatStateDoctype);
}

CExpatParser *cexpat_begin(CExpatHandler handler) {
  if (cexpat_load_failure()) return NULL;
  CExpatParser *parser = calloc(1, sizeof *parser);
  if (!parser) return NULL;
  parser->handler = handler;
  parser->expat = expat.create(NULL);
  if (!parser->expat) {
    free(parser);
    return NULL;
  }
  expat.set_user_data(parser->expat, parser);
  expat.set_elements(parser->expat, start_element, end_element);
  expat.set_text(parser->expat, character_data);
  expat.set_default(parser->expat, other_data);
  expat.set_start_doctype(parser->expat, start_doctype);
  return parser;
}

void cexpat_end(CExpatParser *parser) {
  expat.release(parser->expat);
  free(parser);
}

CExpatState cexpat_parse(CExpatParser *parser, const char *bytes, int length, bool is_last) {
  if (parser->state != CExpatStateGood) return parser->state;
  parser->silent += (size_t)length;
  bool is_good = expat.parse(parser->expat, bytes, length, is_last) == 1;
  if (parser->state == CExpatStateGood) {
    if (!is_good) {
      parser->state = CExpatStateMalformed;
    } else if (parser->silent > CEXPAT_LONGEST_TOKEN) {
      parser->state = CExpatStateLongToken;
    }
  }
  return parser->state;
}

size_t cexpat_line(const CExpatParser *parser) { return expat.line(parser->expat); }

size_t cexpat_column(const CExpatParser *parser) { return expat.column(parser->expat) + 1; }

const char *cexpat_reason(const CExpatParser *parser) {
  const char *text = expat.error_text(expat.error(parser->expat));
  return text ? text : "no reason given";
}
