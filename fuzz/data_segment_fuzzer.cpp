// Words of the data cache's segment are overwritten. Whoever reads or writes it afterwards comes back, with an answer or
// an error, and reads nothing outside of it; a clear makes it as good as new.
//
// Input: number of words (1 byte), for each its place (2 bytes) and how it changes (1 byte: by a value of 8 bytes, or
// one bit); then operations of 2 bytes: what and which key.
#include <fmt/format.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstring>
#include <fstream>

#include "fuzz/common/byte_reader.h"
#include "fuzz/common/demand.h"
#include "fuzz/common/private_world.h"
#include "reference/static_cache/static_cache.h"

namespace {

using namespace assay;
using namespace assay::reference;
using fuzz::demand;

constexpr std::size_t segment_bytes = 256 * 1024;
// The table of reservations (entry_store.cpp): a lease without end cannot be told from one that somebody took, and who
// stores under its key waits for its end.
constexpr std::size_t first_reservation = (EntryStore::kHeaderBytes + 2048 * 8) / 8,
                      end_of_reservations = first_reservation + 512;
constexpr std::int64_t now = 1'800'000'000;
constexpr int keys = 24;

std::string key_of(unsigned number) {
  return fmt::format("key{}", number % keys);
}

Value value_of(int number) {
  switch (number % 4) {
    case 0:
      return Value(std::int64_t{number});
    case 1:
      return Value(std::string(static_cast<std::size_t>(number) * 40, 'v'));
    default:
      break;
  }
  Array array;
  array.set(ArrayKey(std::int64_t{7}), Value(std::string("seven")));
  array.set(ArrayKey::verbatim("n"), Value(std::int64_t{number}));
  return Value(std::move(array));
}

// Where the shared mapping of exactly this size is, which nobody else makes.
std::byte* mapping_of(std::size_t bytes) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0, end = 0;
    char flags[5] = "";
    if (std::sscanf(line.c_str(), "%lx-%lx %4s", &begin, &end, flags) == 3 && end - begin == bytes && flags[3] == 's')
      return reinterpret_cast<std::byte*>(begin);
  }
  return nullptr;
}

// A cache with values, and what its segment looked like then.
class FilledCache {
 public:
  FilledCache() {
    auto made = StaticCache::create(segment_bytes, fuzz::PrivateWorld::of_process().run_folder().string());
    demand(made.has_value(), "there is a cache");
    cache_ = std::move(*made);
    memory_ = mapping_of(segment_bytes);
    demand(memory_ != nullptr, "its segment is found");
    for (int i = 0; i < keys / 2; ++i)
      demand(cache_->set(key_of(static_cast<unsigned>(i)), value_of(i), i % 3 == 0 ? 60 : 0, now).value_or(false),
             "a value is stored");
    image_.assign(memory_, memory_ + segment_bytes);
  }

  void renew() { std::memcpy(memory_, image_.data(), segment_bytes); }
  std::uint64_t& word(std::size_t place) { return reinterpret_cast<std::uint64_t*>(memory_)[place]; }
  StaticCache& cache() { return *cache_; }

 private:
  std::unique_ptr<StaticCache> cache_;
  std::byte* memory_ = nullptr;
  std::vector<std::byte> image_;
};

void overwrite(FilledCache& filled, fuzz::ByteReader& reader) {
  const std::size_t place = reader.number<std::uint16_t>() % (segment_bytes / 8);
  const unsigned how = reader.byte();
  if (place >= first_reservation && place < end_of_reservations) return;
  std::uint64_t& word = filled.word(place);
  word = how < 64 ? word ^ std::uint64_t{1} << how : reader.number<std::uint64_t>();
}

void operate(StaticCache& cache, unsigned what, unsigned which) {
  Heap heap;
  const std::string key = key_of(which);
  switch (what % 9) {
    case 0:
      return (void)cache.get(key, now, heap);
    case 1:
      return (void)cache.has(key, now + 61);
    case 2:
      return (void)cache.get_multiple(std::vector<std::string>{key, key_of(which + 1)}, now, heap);
    case 3:
      return (void)cache.set(key, value_of(static_cast<int>(which)), 60, now);
    case 4:
      return (void)cache.remove(key);
    case 5:
      return (void)cache.increment(key, 1, now);
    case 6:
      return (void)cache.usage();
    case 7:
      return (void)cache.set(key, Value(std::string(which * 300, 's')), 0, now);
    default:
      ReservationHolder holder;
      (void)cache.lock(key, holder, 0, now);
      holder.end_request();
  }
}

void demand_good_as_new(StaticCache& cache) {
  Heap heap;
  demand(cache.clear().value_or(false), "a damaged cache can be cleared");
  demand(cache.usage().entries == 0 && cache.usage().used_bytes == 0, "nothing is in it then");
  for (unsigned i = 0; i < 4; ++i) {
    const Value value = value_of(static_cast<int>(i));
    demand(cache.set(key_of(i), value, 0, now).value_or(false), "a value is stored again");
    const auto got = cache.get(key_of(i), now, heap);
    demand(got.has_value() && got->has_value() && (*got)->type() == value.type(), "and read");
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::PrivateWorld::of_process(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static FilledCache filled;
  filled.renew();
  fuzz::ByteReader reader(data, size);
  for (int words = reader.byte() % 32; words > 0 && !reader.empty(); --words) overwrite(filled, reader);
  for (int operations = 0; operations < 40 && !reader.empty(); ++operations) {
    const unsigned what = reader.byte();
    operate(filled.cache(), what, reader.byte());
  }
  demand_good_as_new(filled.cache());
  return 0;
}
