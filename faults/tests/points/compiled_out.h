#pragma once

// Visits a point that is armed from a source that is compiled without points.
int visit_compiled_out_point();
