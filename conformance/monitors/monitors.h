#pragma once

#include "conformance/monitors/monitor.h"

// The monitors one by one. What each one assumes is written beside its class.
namespace assay::conformance {

std::unique_ptr<Monitor> no_invented_value();                                   // GU-VAL-01
std::unique_ptr<Monitor> all_or_nothing(const Description& description);        // GU-VAL-02
std::unique_ptr<Monitor> read_your_writes(const Description& description);      // GU-VAL-03
std::unique_ptr<Monitor> linearizable_keys(const Description& description);     // GU-VAL-04
std::unique_ptr<Monitor> lists_show_one_state(const Description& description);  // ST-GET-10
std::unique_ptr<Monitor> death_blocks_nobody();                                 // GU-LIV-01
std::unique_ptr<Monitor> convergence();                                         // GU-LIV-02
std::unique_ptr<Monitor> undisturbed_requests_end();                            // GU-LIV-08
std::unique_ptr<Monitor> conservation();                                        // GU-RES-01
std::unique_ptr<Monitor> restart_mark_increases();                              // GU-IDN-02
std::unique_ptr<Monitor> monotone_reads();                                      // GU-IDN-05

}  // namespace assay::conformance
