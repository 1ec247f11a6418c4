#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::conformance {

// The clause catalogue: every numbered statement of the specification, compiled into the program.
//
// docs/spec is the only master. At build time assay_catalogue_generator reads its pages and writes the table behind
// all_clauses(); a malformed clause breaks the build with file and line. Two readable tables beside this header add
// what is no part of the specification: features.def (what a target must claim) and unobservable.def (why no test can
// exist).
//
// Everything here is constant data with the lifetime of the program: views never dangle, and every function may be
// called by any thread, also before main.

// The parts of the specification, as --area selects them. Guarantees belong to every area.
enum class Area { script, preload, file, realpath, statics, deploy, guarantees };

// Where a statement comes from (docs/spec/README.md).
enum class EvidenceLevel { guarantee, documented, rfc, observed, implementation, article, inferred, unverified };

// How far a clause binds. may = freedom: the adapter declares its choice.
enum class Strength { must, should, may };

// What a clause has a strength for: any implementation, or PHP itself. contract.h makes contracts of them.
enum class Rules { portable, php };
inline constexpr std::size_t kRulesCount = 2;

struct Clause {
  std::string_view id;         // "SC-KEY-03"
  std::string_view title;      // "Relative spellings with use_cwd=1"
  std::string_view statement;  // what holds; Markdown, a table follows on lines of its own
  std::string_view observe;    // how a test can see it; empty for guarantees
  std::string_view level;      // the evidence in full, as the page words it: "observed; documented (re-observed)"
  EvidenceLevel evidence;      // its first word
  bool documented;             // true if a public manual says so too
  std::string_view faults;     // fault classes, separated by ", "; empty for none
  Area area;
  std::array<Strength, kRulesCount> strengths;  // by Rules, while it is in force: Contract::strength()
  std::string_view since;  // "8.2", "8.4.27, 8.5.3" (php_version.h), "rfc 2.0.0", "any" or "unknown"
  std::string_view until;  // the first versions for which it holds no more; empty while it holds
  std::string_view
      feature;  // what a target must claim for the clause to be asked of it: "script_cache.file_cache"; empty: nothing
  std::string_view unobservable;  // why nothing can observe it; empty for all others
  std::string_view file;          // "docs/spec/script-cache.md"
  int line;                       // of its heading in that file
};

// All clauses, in the order of the pages (sorted by file name) and within a page in the order of the text.
std::span<const Clause> all_clauses();

// The clause of that id, or nullptr. Exact: ids are upper case. O(log n).
const Clause* find_clause(std::string_view id);

// Up to `limit` ids to suggest for a text that is no id: those whose spelling is near (case and missing zeros
// forgiven), or that begin with it, best first. Empty when nothing is near.
std::vector<std::string_view> near_ids(std::string_view text, std::size_t limit = 5);

// The names that the command line and the reports use. For Area::statics it is "static".
std::string_view to_text(Area area);
std::string_view to_text(EvidenceLevel evidence);
std::string_view to_text(Strength strength);
std::string_view to_text(Rules rules);

// The inverse; nothing for a name that is none.
std::optional<Area> area_named(std::string_view name);
std::optional<EvidenceLevel> evidence_level_named(std::string_view name);
std::optional<Strength> strength_named(std::string_view name);
std::optional<Rules> rules_named(std::string_view name);

}  // namespace assay::conformance
