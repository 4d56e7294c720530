#ifndef CSTB_MEMORY_H
#define CSTB_MEMORY_H

#include "CStb.h"

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// What one decode may allocate, and what has become of it.
typedef struct {
  /// Bytes that are left.
  size_t left;
  /// The longest block that may be made by growing one.
  size_t growing;
  CStbMemoryState state;
} CStbBudget;

CStbBudget cstb_budget(CStbMemory memory);

/// Makes the budget that of the calling thread, until `cstb_end`.
void cstb_begin(CStbBudget *budget);
void cstb_end(void);

/// Zeroed memory within the budget of the calling thread; NULL beyond it, or where there is none.
void *CSTB_NULLABLE cstb_allocate(size_t size);
void *CSTB_NULLABLE cstb_reallocate(void *CSTB_NULLABLE block, size_t size);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif

#endif
