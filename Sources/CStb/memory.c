// The memory of stb_image: counted while a picture is decoded, so that no file can make the decoder
// allocate more than its pixels are worth.
#include "memory.h"

#include <stdlib.h>

/// Precedes every block, and keeps what follows aligned as malloc does.
typedef union {
  size_t size;
  max_align_t alignment;
} Header;

/// stb_image passes no context to its allocator, so the decode that a thread runs is found here.
static _Thread_local CStbBudget *current;

CStbBudget cstb_budget(CStbMemory memory) {
  return (CStbBudget){memory.total, memory.growing, CStbMemoryStateSufficient};
}

void cstb_begin(CStbBudget *budget) { current = budget; }

void cstb_end(void) { current = NULL; }

static bool take(size_t size) {
  if (!current) return true;
  if (size > current->left) {
    current->state = CStbMemoryStateBeyondBudget;
    return false;
  }
  current->left -= size;
  return true;
}

static void give_back(size_t size) {
  if (current) current->left += size;
}

/// NULL where the system has no memory; what was taken is given back.
static void *finished(Header *header, size_t size, size_t taken) {
  if (!header) {
    if (current) current->state = CStbMemoryStateNoMemory;
    give_back(taken);
    return NULL;
  }
  header->size = size;
  return header + 1;
}

// Some decoders return bytes they never wrote when a file is damaged. Zeroed memory keeps results
// reproducible and keeps other data of the process out of them; large blocks cost nothing extra.
void *cstb_allocate(size_t size) {
  if (size > SIZE_MAX - sizeof(Header) || !take(size)) return NULL;
  return finished(calloc(1, size + sizeof(Header)), size, size);
}

void *cstb_reallocate(void *block, size_t size) {
  if (!block) return cstb_allocate(size);
  Header *header = (Header *)block - 1;
  size_t old = header->size, more = size > old ? size - old : 0;
  if (current && more && size > current->growing) {
    current->state = CStbMemoryStateGrowsTooFar;
    return NULL;
  }
  if (size > SIZE_MAX - sizeof(Header) || !take(more)) return NULL;
  void *result = finished(realloc(header, size + sizeof(Header)), size, more);
  if (result && size < old) give_back(old - size);
  return result;
}

void cstb_free(void *block) {
  if (!block) return;
  Header *header = (Header *)block - 1;
  give_back(header->size);
  free(header);
}
