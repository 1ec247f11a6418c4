#pragma once

#include <optional>
#include <utility>

// What scripts/plant-operators writes into a copy of the reference: many small changes in one program, of which the
// environment chooses at most one when the program starts. Forked children have the choice of their parent.
//
//   ASSAY_PLANTED=417                  change 417 is in force
//   ASSAY_PLANTED_REACHED=FILE         each change that is reached sets its byte in the file, which exists and is long
//                                      enough; those beyond its end are not noted
namespace assay::planted {

namespace state {
extern int chosen;              // 0: none
extern unsigned char* reached;  // shared with forked children; null: nobody asks
extern int noted;               // as many bytes has the file
}  // namespace state

// Is this change in force? Notes that it was reached.
inline bool is(int change) {
  if (state::reached != nullptr && change < state::noted) state::reached[change] = 1;
  return state::chosen == change;
}

// Holds a guard, or has released it at once.
template <class T>
std::optional<T> dropped_if(bool dropped, T&& guard) {
  std::optional<T> kept(std::move(guard));
  if (dropped) kept.reset();
  return kept;
}

// Reads the environment. Called before the program's own objects are made, and by tests.
void read_environment();

}  // namespace assay::planted
