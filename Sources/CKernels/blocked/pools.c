// Pools of blocked tensors.
#include "lanes.h"

#define BODY "blocked/pools_body.h"
#include "../every_tier.h"
