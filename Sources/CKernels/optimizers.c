// What an update does to parameters, number by number.
#include "tiers.h"

#include <math.h>

#define BODY "optimizers_body.h"
#include "every_tier.h"
