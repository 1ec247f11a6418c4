#include "reference/file_cache/cache_file.h"

#include <fmt/format.h>

#include <cstring>

namespace assay::reference {
namespace {

constexpr char kMagic[8] = {'O', 'P', 'C', 'A', 'C', 'H', 'E', '\0'};

// In one piece or in many: the same sum.
class Adler {
 public:
  void add(const void* bytes, std::size_t count) {
    constexpr std::uint32_t kPrime = 65521;
    constexpr std::size_t kMost = 5552;  // after so many a sum might not fit
    const auto* next = static_cast<const unsigned char*>(bytes);
    while (count > 0) {
      const std::size_t some = std::min(count, kMost);
      for (std::size_t i = 0; i < some; ++i) {
        low_ += next[i];
        high_ += low_;
      }
      low_ %= kPrime;
      high_ %= kPrime;
      next += some;
      count -= some;
    }
  }
  std::uint32_t sum() const { return high_ << 16 | low_; }

 private:
  std::uint32_t low_ = 1, high_ = 0;
};

std::uint64_t checksum_of(const CacheFileHeader& header, std::span<const std::byte> body) {
  Adler adler;
  const std::uint64_t numbers[] = {header.graph_bytes, header.pointers_bytes, header.root,
                                   static_cast<std::uint64_t>(header.timestamp)};
  adler.add(numbers, sizeof numbers);
  adler.add(body.data(), body.size());
  return adler.sum();
}

// FNV-1a; not for secrets.
std::uint64_t hash_of(std::string_view text, std::uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

// All that an image's meaning depends on: the structs, the numbers of their kinds, the compiler of both.
std::string build_id() {
  const std::string build =
      fmt::format("assay reference 0.1.0, image 2, {} {} {} {} {} {} {}, {} {}, {}", sizeof(php::Script),
                  sizeof(php::Node), sizeof(php::FunctionData), sizeof(php::ClassData), sizeof(php::PropertyData),
                  sizeof(php::ParameterData), sizeof(php::Constant), static_cast<int>(php::NodeKind::halt),
                  static_cast<int>(php::Operator::bit_not), __VERSION__);
  return fmt::format("{:016x}{:016x}", hash_of(build, 14695981039346656037u), hash_of(build, 1469598103934665603u));
}

// As many as there are; an empty one has no place that memcpy() may be given.
template <class T>
void copy_into(std::vector<T>& values, std::span<const std::byte> bytes) {
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
}

}  // namespace

std::string_view system_id() {
  static const std::string id = build_id();
  return id;
}

std::vector<std::byte> to_file(const ScriptImage& image, CacheFileTimes times) {
  CacheFileHeader header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  std::memcpy(header.system_id, system_id().data(), sizeof header.system_id);
  const std::size_t words_bytes = image.words.size() * sizeof image.words[0];
  header.graph_bytes = words_bytes + sizeof times.next_check;
  header.pointers_bytes = image.pointers.size() * sizeof image.pointers[0];
  header.root = image.root;
  header.timestamp = times.source;
  std::vector<std::byte> file(sizeof header + header.graph_bytes + header.pointers_bytes);
  std::byte* const body = file.data() + sizeof header;
  std::memcpy(body, image.words.data(), words_bytes);
  std::memcpy(body + words_bytes, &times.next_check, sizeof times.next_check);
  std::memcpy(body + header.graph_bytes, image.pointers.data(), header.pointers_bytes);
  header.checksum = checksum_of(header, std::span(file).subspan(sizeof header));
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

std::optional<Refusal> refusal_of(const CacheFileHeader& header, std::uint64_t file_bytes,
                                  const std::int64_t* timestamp) {
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return Refusal::header;
  if (std::string_view(header.system_id, sizeof header.system_id) != system_id()) return Refusal::system_id;
  const std::uint64_t body = file_bytes - sizeof header;
  if (header.graph_bytes > body || header.pointers_bytes != body - header.graph_bytes) return Refusal::short_body;
  if (timestamp != nullptr && *timestamp != header.timestamp) return Refusal::timestamp;
  return std::nullopt;
}

tl::expected<ScriptImage, Refusal> from_file(const CacheFileHeader& header, std::span<const std::byte> body,
                                             bool check) {
  if (check && checksum_of(header, body) != header.checksum) return tl::unexpected(Refusal::checksum);
  ScriptImage image;
  image.words.resize(header.graph_bytes / sizeof image.words[0]);
  image.pointers.resize(header.pointers_bytes / sizeof image.pointers[0]);
  copy_into(image.words, body);
  copy_into(image.pointers, body.subspan(header.graph_bytes));
  image.root = header.root;
  return image;
}

}  // namespace assay::reference
