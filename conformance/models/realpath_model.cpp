#include "conformance/models/realpath_model.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace assay::conformance {

namespace {

constexpr std::size_t kLongestText = 4094;  // RP-PATH-06
constexpr int kMostLinks = 32;              // RP-PATH-04
constexpr std::uint64_t kBuckets = 1024;    // RP-KEY-04

// Takes slashes and dots off the end; true where there were any: they ask for a directory (RP-PATH-03).
bool strip_end(std::string& raw) {
  const std::size_t before = raw.size();
  while (raw.ends_with('/') || raw.ends_with("/.")) raw.resize(raw.size() - (raw.ends_with('/') ? 1 : 2));
  return raw.size() != before;
}

std::string before_last_slash(const std::string& raw) {
  return raw.substr(0, raw.rfind('/'));
}

}  // namespace

std::uint64_t realpath_key(const std::string& raw) {
  std::uint64_t key = 2166136261;
  for (const char byte : raw) {
    key *= 16777619;
    key ^= static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<signed char>(byte)));
  }
  return key;
}

Value shown_key(std::uint64_t key) {
  if (key > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return static_cast<double>(key);
  return static_cast<std::int64_t>(key);
}

std::int64_t quantity(const std::string& text) {
  std::int64_t number = 0;
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos) return 0;
  std::from_chars(text.data() + begin, text.data() + text.size(), number);
  switch (text.back()) {
    case 'g':
    case 'G':
      return number * 1024 * 1024 * 1024;
    case 'm':
    case 'M':
      return number * 1024 * 1024;
    case 'k':
    case 'K':
      return number * 1024;
    default:
      return number;
  }
}

std::int64_t RealpathModel::Entry::cost() const {
  const auto bytes = [](const std::string& text) { return static_cast<std::int64_t>(text.size()) + 1; };
  return 48 + bytes(raw) + (raw == real ? 0 : bytes(real));
}

std::optional<std::string> RealpathModel::resolve(const std::string& raw, Mode mode, const FileSystemModel& files,
                                                  std::int64_t now) {
  Resolution resolution{mode, files, now};
  const auto found = step(raw, false, resolution);
  if (!found) return std::nullopt;
  return found->real;
}

// One step: on the way in the lookup and the probe, on the way back the insertion (RP-ENT-12). A failure below adds
// nothing here, and nothing was added below (RP-ENT-13).
std::optional<RealpathModel::Found> RealpathModel::step(std::string raw, bool directory_needed,
                                                        Resolution& resolution) {
  if (raw.size() > kLongestText) return std::nullopt;
  directory_needed = strip_end(raw) || directory_needed;
  if (raw.empty()) return Found{"/", true, true};
  if (raw.ends_with("/..")) return through_dot_dot(raw, resolution);
  if (const auto entry = look_up(raw, resolution.now)) {
    if (directory_needed && !entry->is_directory) return std::nullopt;  // RP-ENT-09
    return Found{entry->real, entry->is_directory, true};
  }
  // The probe goes through the kernel, on the raw text, whatever the cache says of its parents (RP-PATH-10).
  const FileSystemModel::Place place = resolution.files.walk(raw, false);
  if (place.is(FileSystemModel::Node::Kind::link))
    return through_link(raw, place.node->text, directory_needed, resolution);
  if (!place.found() && resolution.mode == Mode::strict) return std::nullopt;
  if (place.is(FileSystemModel::Node::Kind::file) && directory_needed) return std::nullopt;
  return below_parent(raw, place.found() ? place.node : nullptr, resolution);
}

// Physical: the parent of what stands before the dots (RP-PATH-02). No key ends in dots, and nothing is probed.
std::optional<RealpathModel::Found> RealpathModel::through_dot_dot(const std::string& raw, Resolution& resolution) {
  auto found = step(before_last_slash(raw), true, resolution);
  if (!found) return std::nullopt;
  const std::string parent = before_last_slash(found->real);
  return Found{parent.empty() ? "/" : parent, true, true};
}

std::optional<RealpathModel::Found> RealpathModel::through_link(const std::string& raw, const std::string& target,
                                                                bool directory_needed, Resolution& resolution) {
  if (++resolution.links > kMostLinks) return std::nullopt;
  // A relative target is joined to the raw parent as it stands (RP-ENT-02).
  const std::string text = target.starts_with('/') ? target : before_last_slash(raw) + "/" + target;
  const auto found = step(text, directory_needed, resolution);
  if (!found) return std::nullopt;
  // A dangling link becomes an entry as well, and no directory (RP-ENT-07, RP-ENT-14).
  insert(raw, {found->real, found->exists && found->is_directory, true}, resolution.now);
  return found;
}

// `node` is nullptr where nothing is there: lenient mode goes on with the parents, and adds no entry (RP-ENT-06).
std::optional<RealpathModel::Found> RealpathModel::below_parent(const std::string& raw,
                                                                const FileSystemModel::Node* node,
                                                                Resolution& resolution) {
  const auto parent = step(before_last_slash(raw), true, resolution);
  if (!parent) return std::nullopt;
  Found found;
  found.real = (parent->real == "/" ? "" : parent->real) + raw.substr(raw.rfind('/'));
  if (found.real.size() > kLongestText) return std::nullopt;
  found.exists = node != nullptr;
  found.is_directory = node && node->kind == FileSystemModel::Node::Kind::directory;
  if (node) insert(raw, found, resolution.now);
  return found;
}

// Walks the bucket from the newest entry, throwing expired ones away, up to the match (RP-SIZE-04).
std::optional<RealpathModel::Entry> RealpathModel::look_up(const std::string& raw, std::int64_t now) {
  if (!enabled()) return std::nullopt;
  const auto bucket = buckets_.find(realpath_key(raw) % kBuckets);
  if (bucket == buckets_.end()) return std::nullopt;
  std::vector<Entry>& chain = bucket->second;
  for (auto entry = chain.begin(); entry != chain.end();) {
    if (is_expired(*entry, now)) {
      entry = chain.erase(entry);
    } else if (entry->raw == raw) {
      return *entry;
    } else {
      ++entry;
    }
  }
  return std::nullopt;
}

// RP-TTL-02: valid while now <= expires.
bool RealpathModel::is_expired(const Entry& entry, std::int64_t now) const {
  return rules_.ttl != 0 && now > entry.expires;
}

void RealpathModel::insert(const std::string& raw, const Found& found, std::int64_t now) {
  if (!enabled()) return;
  Entry entry{raw, found.real, found.is_directory, rules_.ttl == 0 ? -1 : now + rules_.ttl, realpath_key(raw)};
  if (size() + entry.cost() > rules_.limit) return;  // RP-SIZE-02, -03
  std::vector<Entry>& chain = buckets_[entry.key % kBuckets];
  chain.insert(chain.begin(), std::move(entry));
}

void RealpathModel::clear_one(const std::string& raw) {
  const auto bucket = buckets_.find(realpath_key(raw) % kBuckets);
  if (bucket == buckets_.end()) return;
  auto& chain = bucket->second;
  const auto match = std::find_if(chain.begin(), chain.end(), [&](const Entry& entry) { return entry.raw == raw; });
  if (match != chain.end()) chain.erase(match);
}

std::vector<const RealpathModel::Entry*> RealpathModel::entries() const {
  std::vector<const Entry*> all;
  for (const auto& [bucket, chain] : buckets_)
    for (const Entry& entry : chain) all.push_back(&entry);
  return all;
}

Value RealpathModel::listing() const {
  Elements elements;
  for (const Entry* entry : entries()) {
    elements.emplace_back(entry->raw, Value::map({{"key", shown_key(entry->key)},
                                                  {"is_dir", entry->is_directory},
                                                  {"realpath", entry->real},
                                                  {"expires", entry->expires}}));
  }
  return elements;
}

std::int64_t RealpathModel::size() const {
  std::int64_t bytes = 0;
  for (const Entry* entry : entries()) bytes += entry->cost();
  return bytes;
}

}  // namespace assay::conformance
