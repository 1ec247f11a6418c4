// The bytes of a file of the file cache are put before its loader. It gives the script that was stored, or refuses the
// file and removes it; a script that it never gives, not even where the checksum fits, has a pointer out of its image.
#include <fmt/format.h>

#include <cstring>
#include <fstream>

#include "fuzz/common/cached_scripts.h"
#include "fuzz/common/demand.h"
#include "fuzz/common/private_world.h"

namespace {

using namespace assay;
using namespace assay::reference;
using fuzz::demand;
using fuzz::PrivateWorld;
namespace fs = std::filesystem;

constexpr const char* source_path = "/cached.php";

class Place {
 public:
  Place() : directory_(PrivateWorld::of_process().run_folder()) {
    Settings settings;
    settings.file_cache = directory_;
    settings.log_verbosity_level = -1;
    cache_ = FileCache::open(settings, Log(settings));
    demand(cache_ != nullptr, "the directory can be used", directory_);
    file_ = fmt::format("{}/{}{}.bin", directory_, system_id(), source_path);
    fs::create_directories(file_.parent_path());
  }

  void put(const std::string& bytes) { std::ofstream(file_, std::ios::binary) << bytes; }
  bool is_there() const { return fs::exists(fs::symlink_status(file_)); }
  std::unique_ptr<LoadedScript> load() const { return cache_->load(source_path, nullptr); }

 private:
  std::string directory_;
  fs::path file_;
  std::unique_ptr<FileCache> cache_;
};

std::string of_this_build(std::string bytes) {
  const std::string anybody(fuzz::system_id_bytes, '?');
  if (bytes.size() >= fuzz::system_id_at + anybody.size() &&
      bytes.compare(fuzz::system_id_at, anybody.size(), anybody) == 0)
    bytes.replace(fuzz::system_id_at, anybody.size(), system_id());
  return bytes;
}

CacheFileHeader header_of(const void* bytes) {
  CacheFileHeader header;
  std::memcpy(&header, bytes, sizeof header);
  return header;
}

void load_as_it_is(const std::string& bytes) {
  static Place place;
  place.put(bytes);
  const auto loaded = place.load();
  demand(loaded != nullptr || !place.is_there(), "a file that is refused is removed");
  if (!loaded) return;
  const CacheFileHeader header = header_of(bytes.data());
  const std::int64_t number = header.timestamp - fuzz::first_cached_time;
  const auto& scripts = fuzz::cached_scripts();
  demand(number >= 0 && number < static_cast<std::int64_t>(scripts.size()), "a file with another time is refused");
  // A fuzzer sees what the checksum is compared with, and writes it into the header: nobody keeps forgers out by a sum.
  if (header.checksum != header_of(scripts[static_cast<std::size_t>(number)].file.data()).checksum) return;
  const std::string result = fuzz::result_of(*loaded->script);
  demand(result == scripts[static_cast<std::size_t>(number)].result, "a script is loaded as it was stored", result);
}

// Whether each place that is one of a pointer has an address within the image.
void demand_inside(const ScriptImage& image) {
  const auto base = reinterpret_cast<std::uint64_t>(image.words.data());
  const std::uint64_t size = image.words.size() * sizeof(std::uint64_t);
  for (const std::uint32_t place : image.pointers) {
    demand(place < image.words.size(), "a place is inside");
    demand(image.words[place] >= base && image.words[place] - base < size, "a pointer leads inside");
  }
}

void load_with_a_checksum_that_fits(const std::string& bytes) {
  if (bytes.size() < sizeof(CacheFileHeader)) return;
  const CacheFileHeader header = header_of(bytes.data());
  if (refusal_of(header, bytes.size(), nullptr)) return;
  const auto* body = reinterpret_cast<const std::byte*>(bytes.data() + sizeof header);
  auto image = from_file(header, std::span(body, bytes.size() - sizeof header), false);
  demand(image.has_value(), "a checksum that is not looked at refuses nothing");
  if (const auto* script = restore(*image)) {
    const auto at = reinterpret_cast<std::uint64_t>(script) - reinterpret_cast<std::uint64_t>(image->words.data());
    demand(at + sizeof *script <= image->words.size() * sizeof(std::uint64_t), "the root is inside");
    demand_inside(*image);
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  PrivateWorld::of_process(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = of_this_build(fuzz::text_of(data, size));
  load_as_it_is(bytes);
  load_with_a_checksum_that_fits(bytes);
  return 0;
}
