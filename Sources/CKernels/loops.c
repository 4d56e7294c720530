// Sums, products, pools and resampling: loops that the compiler vectorises for each tier.
#include "tiers.h"

#include <float.h>
#include <string.h>

/// The floats of a stack buffer for one row, or a part of it.
enum { ROW_FLOATS = 2048 };

#define BODY "loops_body.h"
#include "every_tier.h"
