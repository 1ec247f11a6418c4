#pragma once

// Everything of assay::points that a suite needs. Code under test includes only point.h (and clock.h).

#include "faults/points/catalogue.h"
#include "faults/points/clock.h"
#include "faults/points/control_block.h"
#include "faults/points/mapping.h"
#include "faults/points/plan.h"
#include "faults/points/point.h"
#include "faults/points/worker.h"
