#pragma once

#include "conformance/adapter/target.h"

namespace assay::conformance {

// Short traces of what no clause test comes to, or none that is short. Each marks, by an action that counts, where a
// sweep arms its fault.

Trace repaired(const Description& target);        // two workers died in stores, the next one repairs what they left
Trace filed(const Description& target);           // a script goes through the file cache, a refusal into the log
Trace logged(const Description& target);          // everything that a script cache does is told to the log
Trace expired(const Description& target);         // values whose time is over make room for a new one (ST-FUL-01)
Trace evicted(const Description& target);         // values that were used longest ago make room for a new one
Trace compacted(const Description& target);       // blocks move together to make room for a new value (ST-FUL-02)
Trace published(const Description& target);       // statics are published at once, and at the end of a request
Trace forced_restart(const Description& target);  // who holds a restart off for too long is ended (SC-RST-15)

// One worker meets what another one holds, and waits until it is let go.
Trace lock_met(const Description& target);         // the write lock of the script cache
Trace data_lock_met(const Description& target);    // the lock of the data cache
Trace reservation_met(const Description& target);  // a reserved key (ST-LCK-06)
Trace owner_dies(const Description& target);       // a reserved key whose owner dies meanwhile (ST-LCK-11)

}  // namespace assay::conformance
