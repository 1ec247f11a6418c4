#include "reference/script_cache/script_cache.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <functional>

#include "faults/points/point.h"

namespace assay::reference {
namespace {

using points::point;

// SC-RST-03: a failed allocation marks the cache as full only when less than this is free.
constexpr std::uint64_t kNearlyFull = 65536;

constexpr std::uint64_t round_up(std::uint64_t bytes, std::uint64_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

// What stands before the graph in a script's block.
constexpr std::uint64_t front_of(std::string_view key) {
  return round_up(sizeof(ScriptEntry) + key.size(), 8);
}

std::string_view reason_text(RestartReason reason) {
  switch (reason) {
    case RestartReason::none:
      break;
    case RestartReason::out_of_memory:
      return "out of memory";
    case RestartReason::hash_overflow:
      return "hash overflow";
    case RestartReason::manual:
      return "user";
  }
  return "none";
}

// The root directory of this process, as no path can begin.
std::string root_directory() {
  struct stat root {};
  if (::stat("/", &root) != 0) return std::string(1, '\0');
  return fmt::format("{0}{1}:{2}{0}", '\0', root.st_dev, root.st_ino);
}

constexpr std::uint64_t kTableOffset = round_up(sizeof(CacheState), 64);

}  // namespace

// ---- status ----

double CacheStatus::wasted_percentage() const {
  return 100.0 * static_cast<double>(memory.wasted) / static_cast<double>(memory.total);
}

std::uint64_t CacheStatus::misses() const {
  return cache_full ? all_misses : all_misses - blacklist_misses;
}

double CacheStatus::hit_rate() const {
  const std::uint64_t uses = hits + all_misses;
  return uses == 0 ? 0 : 100.0 * static_cast<double>(hits) / static_cast<double>(uses);
}

double CacheStatus::blacklist_miss_ratio() const {
  const std::uint64_t uses = hits + all_misses;
  return uses == 0 ? 0 : 100.0 * static_cast<double>(blacklist_misses) / static_cast<double>(uses);
}

// ---- set-up ----

std::uint64_t ScriptCache::interned_offset(const Settings& settings) {
  return round_up(kTableOffset + KeyTable::bytes_needed(settings.table_capacity()), 64);
}

std::uint64_t ScriptCache::linked_offset(const Settings& settings) {
  return interned_offset(settings) + static_cast<std::uint64_t>(settings.interned_strings_buffer_bytes);
}

std::uint64_t ScriptCache::pieces_offset(const Settings& settings) {
  return linked_offset(settings) + LinkedClassTable::bytes_needed(settings.table_capacity());
}

// With room for the smallest pieces of any model.
std::uint64_t ScriptCache::front_bytes(const Settings& settings) {
  const auto total = static_cast<std::uint64_t>(settings.memory_consumption_bytes);
  return pieces_offset(settings) + BumpAllocator::count_of_pieces(total, Segment::kLargestPiece) * sizeof(MemoryPiece);
}

Expected<std::unique_ptr<ScriptCache>> ScriptCache::create(const Settings& settings, std::int64_t now) {
  const auto total = static_cast<std::uint64_t>(settings.memory_consumption_bytes);
  const std::uint64_t fixed = front_bytes(settings);
  if (fixed >= total) {
    return failure(
        fmt::format("opcache.memory_consumption of {} bytes has no room for the table and the interned strings, "
                    "which take {}: raise it, or lower opcache.interned_strings_buffer",
                    total, fixed));
  }
  auto segment = ASSAY_TRY(Segment::create(total, settings.preferred_memory_model));
  auto lock = ASSAY_TRY(SegmentLock::create(settings.lockfile_path));
  std::unique_ptr<ScriptCache> cache(new ScriptCache(std::move(segment), std::move(lock), settings));
  cache->state_->start_time = now;
  return cache;
}

ScriptCache::ScriptCache(Segment segment, std::unique_ptr<SegmentLock> lock, const Settings& settings)
    : segment_(std::move(segment)),
      lock_(std::move(lock)),
      state_(reinterpret_cast<CacheState*>(segment_.data())),
      table_(segment_.data() + kTableOffset, segment_.data(), settings.table_capacity()),
      interned_(segment_.data() + interned_offset(settings),
                static_cast<std::uint64_t>(settings.interned_strings_buffer_bytes)),
      linked_(segment_.data() + linked_offset(settings), segment_.data(), settings.table_capacity()),
      log_(settings),
      max_wasted_percentage_(settings.max_wasted_percentage),
      root_(root_directory()) {
  interned_.initialize();
  state_->memory.initialize(segment_.size(), segment_.piece_size(), front_bytes(settings),
                            reinterpret_cast<MemoryPiece*>(segment_.data() + pieces_offset(settings)));
  state_->generation.store(1, std::memory_order_release);
}

ScriptEntry& ScriptCache::entry_at(std::uint64_t offset) const {
  return *reinterpret_cast<ScriptEntry*>(segment_.data() + offset);
}

std::uint64_t ScriptCache::offset_of(const void* address) const {
  return static_cast<std::uint64_t>(static_cast<const std::byte*>(address) - segment_.data());
}

bool ScriptCache::contains(const void* address) const {
  const auto* byte = static_cast<const std::byte*>(address);
  return std::greater_equal<>()(byte, segment_.data()) && std::less<>()(byte, segment_.data() + segment_.size());
}

std::string ScriptCache::mark_of_root() const {
  std::string here = root_directory();
  return here == root_ ? std::string() : here;
}

// ---- reading ----

ScriptEntry* ScriptCache::find(std::string_view key) const {
  point("hit/lookup");
  const auto slot = table_.find(key);
  if (!slot) return nullptr;
  ScriptEntry& entry = entry_at(table_.entry_of(*slot));
  point("hit/found");
  return &entry;
}

void ScriptCache::count_hit(ScriptEntry& entry, std::int64_t now) {
  point("hit/count");
  state_->hits.fetch_add(1, std::memory_order_relaxed);
  entry.hits.fetch_add(1, std::memory_order_relaxed);
  entry.last_used.store(now, std::memory_order_relaxed);
}

// SC-STA-06: while the cache is full they raise the misses only.
void ScriptCache::count_blacklist_miss() {
  if (!is_full()) state_->blacklist_misses.fetch_add(1, std::memory_order_relaxed);
}

// Counts are taken from what is listed, so they agree with it whoever died where.
CacheStatus ScriptCache::status(bool with_scripts) const {
  CacheStatus status;
  status.is_listed = with_scripts;
  status.cache_full = is_full();
  status.restart_pending = is_pending();
  status.restart_in_progress = is_restarting();
  status.memory = state_->memory.usage();
  status.interned = interned_.usage();
  status.cached_keys = table_.size();
  status.max_cached_keys = table_.capacity();
  // Read in this order: each blacklist miss was a miss before.
  status.blacklist_misses = state_->blacklist_misses.load(std::memory_order_acquire);
  status.all_misses = state_->misses.load(std::memory_order_acquire);
  status.hits = state_->hits.load(std::memory_order_relaxed);
  status.start_time = state_->start_time;
  status.last_restart_time = state_->last_restart_time.load(std::memory_order_relaxed);
  auto restarts = [&](RestartReason reason) {
    return state_->restarts[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
  };
  status.oom_restarts = restarts(RestartReason::out_of_memory);
  status.hash_restarts = restarts(RestartReason::hash_overflow);
  status.manual_restarts = restarts(RestartReason::manual);
  status.generation = generation();
  for (std::uint32_t slot = 0; slot < status.cached_keys; ++slot) {
    if (!table_.is_primary(slot)) continue;
    ++status.cached_scripts;
    if (!with_scripts) continue;
    const ScriptEntry& entry = entry_at(table_.entry_of(slot));
    status.scripts.push_back({.full_path = std::string(entry.full_path()),
                              .hits = entry.hits.load(std::memory_order_relaxed),
                              .memory_consumption = entry.memory_consumption,
                              .last_used = entry.last_used.load(std::memory_order_relaxed),
                              .timestamp = entry.timestamp.load(std::memory_order_relaxed)});
  }
  return status;
}

// ---- storing ----

ScriptCache::Stored ScriptCache::store(std::string_view key, std::int64_t timestamp, std::int64_t next_check,
                                       const php::Script& compiled, std::int64_t now, std::size_t mark_length) {
  point("store/lookup");
  const auto slot = table_.find(key);
  if (slot && table_.is_primary(*slot)) {
    ScriptEntry& known = entry_at(table_.entry_of(*slot));
    if (known.is_valid()) return {StoreOutcome::other_stored, &known};
  }
  if (table_.is_full()) {  // SC-RST-07, SC-KEY-13
    table_failed(now);
    return {};
  }
  begin_growth();
  // Strings that other scripts have too stand in the shared buffer as far as it has room (SC-INT-01, SC-INT-02).
  php::Persister persister(compiled, [this](const StringData& text) { return intern(text.view()); });
  const std::uint64_t size = front_of(key) + persister.size();
  const auto offset = point("store/size") == 0 ? state_->memory.allocate(size) : std::nullopt;
  if (!offset) {
    end_operation();
    memory_failed(size, now);
    return {};
  }
  point("store/copy");
  ScriptEntry* entry = fill_entry(*offset, size, {key, mark_length}, persister);
  if (entry != nullptr) {
    entry->timestamp.store(timestamp, std::memory_order_relaxed);
    entry->next_check.store(next_check, std::memory_order_relaxed);
    entry->last_used.store(now, std::memory_order_relaxed);
    entry->valid.store(1, std::memory_order_release);
    point("store/publish/entry");
  }
  if (entry == nullptr || !publish(slot, *entry, mark_length)) {
    // Refused although there was room: the block is lost until the next restart, and accounted for.
    finish_growth();
    end_operation();
    return {};
  }
  point("store/publish/count");
  end_operation();
  point("store/end");
  return {StoreOutcome::stored, entry};
}

bool ScriptCache::publish(std::optional<KeyTable::SlotIndex> slot, const ScriptEntry& entry, std::size_t mark_length) {
  const std::uint64_t offset = offset_of(&entry);
  point("store/publish/key");
  if (!slot) {
    const auto length = static_cast<std::uint32_t>(entry.path_length + mark_length);
    return table_.insert_primary(offset_of(entry.path) - mark_length, length, offset).has_value();
  }
  table_.set_entry(*slot, offset);
  return true;
}

// Everything that stays as it is: path, size, graph.
ScriptEntry* ScriptCache::fill_entry(std::uint64_t offset, std::uint64_t size, StoredName name,
                                     php::Persister& persister) {
  std::byte* block = segment_.data() + offset;
  char* own_key = reinterpret_cast<char*>(block) + sizeof(ScriptEntry);
  std::memcpy(own_key, name.key.data(), name.key.size());
  const auto copy = persister.copy(block + front_of(name.key), persister.size());
  if (!copy) return nullptr;
  auto* entry = new (block) ScriptEntry();
  entry->script = *copy;
  entry->path = own_key + name.mark_length;
  entry->path_length = name.key.size() - name.mark_length;
  entry->memory_consumption = size;
  return entry;
}

// Of what was stored before any request each key is primary.
bool ScriptCache::keep() {
  const std::uint32_t keys = table_.size();
  const auto offset = state_->memory.allocate(std::max<std::uint64_t>(keys, 1) * sizeof(std::uint64_t));
  if (!offset) return false;
  auto* entries = reinterpret_cast<std::uint64_t*>(segment_.data() + *offset);
  for (std::uint32_t slot = 0; slot < keys; ++slot) entries[slot] = table_.entry_of(slot);
  state_->kept_entries = *offset;
  state_->kept_keys = keys;
  state_->kept_strings = interned_.mark();
  state_->memory.keep();
  return true;
}

// In no entry: what it takes is used until the next restart, whatever becomes of the scripts.
bool ScriptCache::keep_linked(const php::LinkedClass& linked) {
  begin_growth();
  const auto offset = state_->memory.allocate(php::bytes_of(linked));
  if (offset) {
    php::LinkedClass* copy = php::copy_of(linked, segment_.data() + *offset);
    linked_.publish(generation(), *copy);
  }
  end_operation();
  return offset.has_value();
}

void ScriptCache::add_key(std::string_view key, std::string_view resolved_path, std::int64_t now) {
  const auto known = table_.find(resolved_path);
  if (!known) return;
  const KeyTable::SlotIndex primary = table_.primary_of(*known);  // of which that path may be a key itself (SC-KEY-18)
  if (const auto slot = table_.find(key)) {
    if (table_.primary_of(*slot) != primary) table_.set_alias(*slot, primary);
    return;
  }
  point("alias/begin");
  if (table_.is_full()) {  // SC-KEY-14
    table_failed(now);
    return;
  }
  begin_growth();
  if (const auto offset = place_key(key, now)) {
    point("alias/publish");
    if (table_.insert_alias(*offset, static_cast<std::uint32_t>(key.size()), primary)) {
      log_.write(LogLevel::message, fmt::format("Added key '{}'", key));
    } else {
      finish_growth();
    }
    point("alias/end");
  }
  end_operation();
}

// The shared copy of a string; nullptr where the buffer has no room for it (SC-INT-02).
const StringData* ScriptCache::intern(std::string_view text) {
  const auto* shared = interned_.intern(text);
  if (shared == nullptr && interned_.exists()) log_.write(LogLevel::warning, "Interned string buffer overflow");
  return shared;
}

// SC-ALL-07: the interned strings pay for it if they can.
std::optional<std::uint64_t> ScriptCache::place_key(std::string_view key, std::int64_t now) {
  if (const auto* shared = intern(key)) return offset_of(shared->bytes);
  if (is_full()) return std::nullopt;
  const auto offset = state_->memory.allocate_packed(key.size());
  if (!offset) {
    memory_failed(key.size(), now);
    return std::nullopt;
  }
  std::memcpy(segment_.data() + *offset, key.data(), key.size());
  return offset;
}

// ---- what follows from a lack of room ----

bool ScriptCache::waste_calls_for_restart() const {
  const MemoryUsage usage = state_->memory.usage();
  return usage.wasted * 100 >= usage.total * static_cast<std::uint64_t>(max_wasted_percentage_);
}

// The restart is scheduled first: who dies in between leaves the better half done.
void ScriptCache::memory_failed(std::uint64_t bytes, std::int64_t now) {
  log_.write(LogLevel::warning, fmt::format("Not enough free shared space to allocate {} bytes ({} bytes free)", bytes,
                                            state_->memory.free()));
  if (waste_calls_for_restart()) schedule_restart(RestartReason::out_of_memory, now);  // SC-RST-01
  if (state_->memory.free() < kNearlyFull) state_->cache_full.store(1, std::memory_order_release);
}

void ScriptCache::table_failed(std::int64_t now) {
  log_.write(LogLevel::debug, "No more entries in hash table!");
  if (waste_calls_for_restart()) schedule_restart(RestartReason::hash_overflow, now);
  state_->cache_full.store(1, std::memory_order_release);
}

void ScriptCache::schedule_restart(RestartReason reason, std::int64_t now) {
  point("restart/schedule");
  if (is_pending()) return;
  state_->pending.store(PendingRestart{reason, now}.word(), std::memory_order_release);
  log_.write(LogLevel::debug, fmt::format("Restart Scheduled! Reason: {}", reason_text(reason)));
  point("restart/scheduled");
}

}  // namespace assay::reference
