#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "conformance/vocabulary/value_json.h"

namespace assay::conformance {

// What came back from one operation. Plain data.
//
//   value        `value` is the result; `output` what was printed, `diagnostics` the warnings and notices it raised, each
//                as "Level: text", in order
//   thrown       `error_class` and `error_message` of what was thrown, or of the error that ended the operation
//   unsupported  the target does not know the operation; `error_message` says why. Never a failure: a skip.
//   not_run      the request ended (died, was aborted) before or inside the operation: no statement
struct Reply {
  enum class Kind { value, thrown, unsupported, not_run };
  Kind kind = Kind::value;
  Value value;
  std::string error_class;
  std::string error_message;
  std::string output;
  std::vector<std::string> diagnostics;

  static Reply of(Value value);
  static Reply thrown(std::string error_class, std::string message);
  static Reply unsupported(std::string reason);
  static Reply not_run();

  friend bool operator==(const Reply&, const Reply&) = default;
};

// {"value": v} | {"thrown": {"class": c, "message": m}} | {"unsupported": why} | {"not_run": true}, with "output" and
// "diagnostics" where they are not empty. Strict on reading.
Json to_json(const Reply& reply);
Expected<Reply> reply_from_json(const Json& json);
std::string to_text(const Reply& reply);

// How a whole request ended.
//
//   completed  every operation has a reply
//   aborted    the target ended the request early but lives (a fatal error): replies up to there, the rest not_run
//   died       the worker's process ended inside the request
//   hung       it did not end within its time limit; `detail` holds the state of the worker
//   garbage    something came back that is no reply; `detail` shows its beginning
struct Outcome {
  enum class Kind { completed, aborted, died, hung, garbage };
  Kind kind = Kind::completed;
  std::vector<Reply> replies;  // one for each operation, always
  std::string detail;
  std::chrono::steady_clock::time_point began, ended;  // stamps of the suite's own real clock
};

std::string_view to_text(Outcome::Kind kind);

}  // namespace assay::conformance
