#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/models/file_system_model.h"

namespace assay::conformance {

// The key of a raw path (RP-KEY-01, -02), and as PHP shows it (RP-KEY-03).
std::uint64_t realpath_key(const std::string& raw);
Value shown_key(std::uint64_t key);

// A directive's quantity as PHP reads it: "16K", "1.5K", "", "abc" (RP-SIZE-06, RP-TTL-09).
std::int64_t quantity(const std::string& text);

struct RealpathRules {
  std::int64_t limit = 4096 * 1024;  // realpath_cache_size
  std::int64_t ttl = 120;            // realpath_cache_ttl
};

// The realpath cache of one worker (realpath-cache.md 2 to 7). Predicts, answers nothing by chance: given the files,
// the time and what was asked before, there is one result, one listing and one size.
class RealpathModel {
 public:
  enum class Mode { strict, lenient };
  struct Entry {
    std::string raw, real;
    bool is_directory = false;
    std::int64_t expires = 0;
    std::uint64_t key = 0;
    std::int64_t cost() const;
  };

  explicit RealpathModel(RealpathRules rules) : rules_(rules) {}

  // The real path of an absolute raw path; nullopt where the resolution fails. Changes the cache as the resolution
  // does, in any case.
  std::optional<std::string> resolve(const std::string& raw, Mode mode, const FileSystemModel& files, std::int64_t now);

  void clear() { buckets_.clear(); }
  // clearstatcache(true, raw): exactly that key, expired or not (RP-CLR-03).
  void clear_one(const std::string& raw);

  // What realpath_cache_get and realpath_cache_size give, with real paths.
  Value listing() const;
  std::int64_t size() const;
  bool is_expired(const Entry& entry, std::int64_t now) const;
  // Bucket by bucket in ascending order, newest first (RP-ENT-11).
  std::vector<const Entry*> entries() const;

 private:
  // What a step of a resolution came to.
  struct Found {
    std::string real;
    bool is_directory = false;
    bool exists = true;
  };
  struct Resolution {
    Mode mode;
    const FileSystemModel& files;
    std::int64_t now;
    int links = 0;
  };

  std::optional<Found> step(std::string raw, bool directory_needed, Resolution& resolution);
  std::optional<Found> through_dot_dot(const std::string& raw, Resolution& resolution);
  std::optional<Found> through_link(const std::string& raw, const std::string& target, bool directory_needed,
                                    Resolution& resolution);
  std::optional<Found> below_parent(const std::string& raw, const FileSystemModel::Node* node, Resolution& resolution);
  std::optional<Entry> look_up(const std::string& raw, std::int64_t now);
  void insert(const std::string& raw, const Found& found, std::int64_t now);
  bool enabled() const { return rules_.limit > 0; }

  RealpathRules rules_;
  std::map<std::uint64_t, std::vector<Entry>> buckets_;  // newest first
};

}  // namespace assay::conformance
