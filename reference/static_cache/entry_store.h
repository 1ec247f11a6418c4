#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "faults/points/name.h"
#include "reference/lock/robust_lock.h"
#include "reference/lock/segment_lock.h"
#include "reference/segment/segment.h"
#include "reference/static_cache/block_heap.h"
#include "reference/static_cache/known_entries.h"
#include "reference/static_cache/reservation_table.h"
#include "reference/static_cache/shared_words.h"
#include "support/error.h"

namespace assay::reference {

// A value as it is stored: a small number of bits in place, or bytes. What `kind` means is the caller's.
struct StoredValue {
  std::uint8_t kind = 0;
  std::uint64_t scalar = 0;
  bool has_bytes = false;
  std::string bytes;
  // Of one that was read from a store:
  std::size_t slot = 0;
  bool is_known = false;  // the reader has the bytes already, and they are not here
};

// What a store does that is full, when a value is to be stored that would fit an empty one (ST-FUL-04).
//   refuse               stores are refused, live entries stay
//   wipe                 all entries go
//   least_recently_used  those go that were stored or read longest ago, until there is room
enum class Eviction : std::uint8_t { refuse, wipe, least_recently_used };

struct EntryStoreUsage {
  std::uint64_t configured_bytes = 0;
  std::uint64_t payload_bytes = 0;  // room for keys and values of an empty store
  std::uint64_t used_bytes = 0;
  std::uint64_t free_bytes = 0;  // used + free is payload
  std::uint64_t entries = 0;     // expired ones that nobody removed yet included (ST-AVL-09)
  std::uint64_t capacity = 0;
};

// A map from byte strings to values in a segment of its own, for processes and threads: the core of a data cache.
//
// A key's slot is one word, and everything that happens to a key happens by one store to that word: readers take no
// lock, never wait for a writer (GU-LIV-06), and copy a value only to look again at the word and throw the copy away if
// it changed. Writers exclude each other by a lock that dies with its holder; a writer that finds the
// mark of one that died in the middle makes the heap anew from what is reachable (ST-PRC-02, ST-PRC-05). Values are
// copied out, so a reader that was killed holds nothing (ST-PRC-07).
//
// Overwriting a value without bytes by another one needs no memory: a key has two cells, of which the word names one.
//
// Time is the caller's wall clock, in whole seconds, at the moment of the call. An entry with time to live T stored at
// t is live while now < t + T (ST-TTL-04). Once a reader was told that an entry is expired it stays so, whatever the
// clock does (GU-IDN-04). When room is short expired entries go first; then blocks are moved together (ST-FUL-02), so that
// all free room counts; then live ones go where the store was made so (Eviction). A store that is refused costs no more than
// one that succeeds: where nothing can have expired, nobody looks for it. One that has others go, or move, first looks at
// each slot once.
//
// Who writes into the segment by mistake can damage values, but leads nobody out of it nor into a loop: what makes no
// sense is a miss or an error, and clear() makes all of it good again.
//
// A key may be reserved. A store under a key that another holder reserved waits until it is free again (ST-LCK-06), and
// the holder's own store gives it back (ST-LCK-07). Without a holder the caller is a stranger to all reservations.
class EntryStore {
 public:
  // In front of the slots in the segment.
  static constexpr std::size_t kHeaderBytes = 128;

  // bytes: the size of the segment, at least 64 KiB. lock_directory: see SegmentLock.
  static Expected<std::unique_ptr<EntryStore>> create(std::size_t bytes, const std::string& lock_directory,
                                                      std::string_view preferred_model = {},
                                                      Eviction eviction = Eviction::refuse);

  Expected<std::optional<StoredValue>> get(std::string_view key, std::int64_t now, const KnownEntries* known = nullptr);
  Expected<bool> has(std::string_view key, std::int64_t now);
  // All from one state of the store (ST-GET-10, ST-SET-19).
  Expected<std::vector<std::optional<StoredValue>>> get_multiple(std::span<const std::string> keys, std::int64_t now);

  // False when there is no room: then nothing has changed. time_to_live: seconds, 0 for ever.
  Expected<bool> set(std::string_view key, const StoredValue& value, std::int64_t time_to_live, std::int64_t now,
                     ReservationHolder* holder = nullptr);
  // The same under a key that nobody can reserve: a reservation of another key of its group is not waited for.
  Expected<bool> set_unreserved(std::string_view key, const StoredValue& value, std::int64_t time_to_live,
                                std::int64_t now);
  // The same where no live entry is under the key; false also where one is.
  Expected<bool> add(std::string_view key, const StoredValue& value, std::int64_t time_to_live, std::int64_t now,
                     ReservationHolder* holder = nullptr);
  // True also when there was nothing to delete. Does not wait for a reservation.
  Expected<bool> remove(std::string_view key, ReservationHolder* holder = nullptr);
  // Each entry whose key is unwanted, one after the other while others wait; the function must not use the store.
  Expected<void> remove_if(const std::function<bool(std::string_view key)>& is_unwanted);
  Expected<bool> clear(ReservationHolder* holder = nullptr);

  // See ReservationTable. Neither waits for a reservation (ST-LCK-01). lease: seconds, 0 for none.
  Expected<bool> reserve(std::string_view key, ReservationHolder& holder, std::int64_t lease, std::int64_t now);
  Expected<bool> give_back(std::string_view key, ReservationHolder& holder, std::int64_t now);

  // What an update makes of a value: its replacement, which must have no bytes, or nothing to leave it alone.
  using Update = std::optional<StoredValue> (*)(const std::optional<StoredValue>& old, std::int64_t argument);
  // Changes the value of a key in one step; what was missing is given to `change` as nothing and created. Answers the
  // new value, or nothing when it declined or there was no room.
  Expected<std::optional<StoredValue>> update(std::string_view key, Update change, std::int64_t argument,
                                              std::int64_t now, ReservationHolder* holder = nullptr);

  // Whether a payload of so many bytes is too long for any store, whatever its size (ST-FUL-12).
  static constexpr bool is_too_long(std::uint64_t bytes) { return bytes > (std::uint64_t{1} << 32) - BlockHeap::kUnit; }

  // Of all live entries, in no order, while no writer comes between.
  Expected<std::vector<std::string>> keys(std::int64_t now);

  EntryStoreUsage usage() const;
  // Slots that hold no key but that searches have to pass: 0 when there is no key at all (ST-FUL-10).
  std::uint64_t worn_slots() const;
  MemoryModel memory_model() const { return segment_.model(); }

 private:
  using Word = shared_words::Word;
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
  // A block on its way to a lower place, which may overlap the old one; who finds its mover dead goes on with it.
  struct Move {
    Word slot;    // one more than that of the entry; 0: nothing is being moved
    Word is_key;  // the key's own block, not its value's
    Word from;
    Word to;
    Word units;
    Word done;  // of them
  };
  struct Header {
    std::atomic<std::uint32_t> mutating;  // a writer is at work, or died at it
    Word epoch;                           // how often clear() happened; entries of an earlier epoch are gone
    Word tag;                             // raised before each change of a slot
    Word entries;
    Word owners;       // of reservations, so far
    Word next_expiry;  // before it a sweep finds nothing; 0: not known
    Word uses;         // of entries, so far; counted only for Eviction::least_recently_used
    Move move;
  };
  // Bits of a cell's shape: its kind, whether it has bytes, and the number of them.
  static constexpr std::uint64_t kHasBytes = 1 << 8;
  static constexpr int kSizeShift = 16;
  // A value, or where it is.
  struct Cell {
    Word expiry;
    Word shape;
    Word payload;
  };
  // A key with the cells of its value. The bytes of the key follow.
  struct KeyBlock {
    Word hash;
    Word epoch;
    Word key_length;
    Cell cells[2];
    Word* key() { return reinterpret_cast<Word*>(this + 1); }
    const Word* key() const { return reinterpret_cast<const Word*>(this + 1); }
  };
  class Mutation;
  enum class Look { found, missing, other, torn };
  struct Found {
    std::size_t slot = 0;
    std::uint64_t word = 0;
  };
  struct Place {
    std::optional<Found> found;
    std::size_t vacant = 0;  // where the key would be inserted
  };
  // What a search brings besides whether there is a value: the value, if it is to go somewhere.
  struct Wanted {
    StoredValue* value = nullptr;
    const KnownEntries* known = nullptr;
  };
  struct Block {
    std::uint32_t first = 0;
    std::uint64_t units = 0;
  };
  // A block, and whose it is.
  struct Owned {
    Block block;
    std::size_t slot = 0;
    bool is_key = false;
  };

  // What makes room for a store: slots that held keys, by their last use, the oldest last.
  struct Victims {
    bool are_chosen = false;
    std::vector<std::pair<std::uint64_t, std::size_t>> by_use;
  };

  EntryStore(Segment segment, std::unique_ptr<RobustLock> lock, std::unique_ptr<SegmentLock> owners, Eviction eviction);

  KeyBlock& key_block(std::uint64_t word) const;
  // The same; nullptr where no block can stand, which is so only where somebody wrote into the segment by mistake.
  KeyBlock* key_block_at(std::uint64_t word) const;
  std::size_t first_slot(std::uint64_t hash) const { return hash & (slots_.size() - 1); }
  std::size_t next_slot(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  static std::uint64_t key_units(std::uint64_t length) {
    return BlockHeap::units_for(sizeof(KeyBlock) + shared_words::words_for(length) * sizeof(Word));
  }
  static std::uint64_t value_units(std::uint64_t size) {
    return BlockHeap::units_for(std::max<std::uint64_t>(size, 1));
  }
  static Block key_block_of(std::uint64_t word, const KeyBlock& key);
  static std::optional<Block> value_block_of(const Cell& cell);

  // Reading (entry_store_reading.cpp).
  Look look(std::string_view key, std::int64_t now, const Wanted& wanted) const;
  Look look_at(std::size_t slot, std::uint64_t word, std::string_view key, std::uint64_t hash, std::uint64_t epoch,
               std::int64_t now, const Wanted& wanted) const;
  // The same of an entry that is just being moved (entry_store_moving.cpp).
  Look look_at_moving(std::size_t slot, std::uint64_t word, std::string_view key, std::uint64_t hash,
                      std::uint64_t epoch, std::int64_t now, const Wanted& wanted) const;
  bool load_while_moved(const Block& block, std::uint64_t size, std::string& bytes) const;
  Look live_cell(std::size_t slot, std::uint64_t word, std::int64_t now, const Wanted& wanted) const;
  bool is_key(const KeyBlock& block, std::uint64_t word, std::string_view key, std::uint64_t hash) const;
  bool read_key(const KeyBlock& block, std::uint64_t word, std::string& key) const;
  bool read_cell(std::size_t slot, std::uint64_t word, const Cell& cell, const Wanted& wanted) const;
  bool read_value(const Found& at, std::uint64_t shape, std::uint64_t payload, const Wanted& wanted) const;
  bool is_live(std::size_t slot, std::int64_t now) const;
  Expected<bool> read(std::string_view key, std::int64_t now, const Wanted& wanted);
  // Looks until nobody interferes, with the lock held. An error where it stays torn: the segment was damaged.
  Expected<Look> look_in_peace(std::string_view key, std::int64_t now, const Wanted& wanted) const;
  bool collect(std::span<const std::string> keys, std::int64_t now,
               std::vector<std::optional<StoredValue>>& values) const;

  // Writing: the lock is held. How room is made: entry_store_room.cpp.
  Expected<RobustGuard> lock_for_writing();
  // The same once nobody else has reserved the key; `now` follows the clock while it waits.
  Expected<RobustGuard> lock_for_store(std::string_view key, const ReservationHolder* holder, std::int64_t& now);
  void recover();
  bool reserve_blocks(const Block& key, const std::optional<Block>& value);
  Place place_of(std::string_view key, std::uint64_t hash) const;
  std::uint64_t next_tag();
  std::optional<Block> allocate(std::uint64_t bytes, std::int64_t now);
  void release(std::optional<Block> block);
  static std::int64_t expiry_of(std::int64_t time_to_live, std::int64_t now);
  bool fits_when_empty(std::string_view key, const StoredValue& value) const;
  bool store_for(ReservationHolder* holder, std::string_view key, const StoredValue& value, std::int64_t time_to_live,
                 std::int64_t now);
  bool store(std::string_view key, const StoredValue& value, std::int64_t expiry, std::int64_t now);
  bool try_store(std::string_view key, const StoredValue& value, std::int64_t expiry, std::int64_t now);
  // Moves blocks together until a store of this entry has room in one piece (entry_store_compaction.cpp). False: nothing
  // moved, be it for lack of room, because it needs no moving, or because what should be moved makes no sense.
  bool compact(std::string_view key, const StoredValue& value);
  std::uint64_t units_needed(std::string_view key, const StoredValue& value) const;
  std::vector<Owned> blocks_in_order() const;
  bool are_apart_and_in_pieces(const std::vector<Owned>& blocks, std::uint64_t needed) const;
  void move(const Owned& owned, std::uint64_t to);
  void finish_move();
  bool is_owned(const Owned& owned, std::uint64_t to) const;
  std::uint64_t mark_as_moving(std::size_t slot);
  // Has live entries go, one or all; false where none may.
  bool evict(std::string_view key, Victims& victims);
  void choose(std::string_view key, Victims& victims);
  void empty(points::Name begin, points::Name table, points::Name memory);
  void note_use(std::size_t slot) const;
  void overwrite(const Found& found, const StoredValue& value, std::optional<Block> block, std::int64_t expiry);
  bool insert(std::string_view key, std::uint64_t hash, const StoredValue& value, std::optional<Block> block,
              std::int64_t expiry, std::int64_t now);
  static void write_cell(Cell& cell, const StoredValue& value, std::optional<Block> block, std::int64_t expiry);
  void unlink(const Found& found, points::Name unlinked);
  void tidy(std::size_t slot);
  void sweep(std::int64_t now);
  void note_expiry(std::int64_t expiry);

  Segment segment_;
  std::unique_ptr<RobustLock> lock_;
  std::unique_ptr<SegmentLock> owners_;  // of reservations: who of them lives
  Header* header_ = nullptr;
  std::span<Word> slots_;
  // When each slot's key was used last. Beside the slots, not in the keys' blocks: a late reader may note a use where
  // another key stands by now, which then goes later than it might, and nothing else is harmed. Empty where nobody asks.
  std::span<Word> uses_;
  BlockHeap heap_;
  ReservationTable reservations_;
  std::uint64_t capacity_ = 0;
  Eviction eviction_;
};

}  // namespace assay::reference
