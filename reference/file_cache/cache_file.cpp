#include "reference/file_cache/cache_file.h"

#include <fmt/format.h>

#include <cstring>

namespace assay::reference {
namespace {

constexpr char kMagic[8] = {'O', 'P', 'C', 'A', 'C', 'H', 'E', '\0'};

// FNV-1a, not for secrets. Sums such as Adler-32 are blind to changes that fuzzing comes to.
constexpr std::uint64_t kHashBegin = 14695981039346656037u, kOtherBegin = 1469598103934665603u;
std::uint64_t hash_of(std::string_view bytes, std::uint64_t hash) {
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

std::uint64_t checksum_of(const CacheFileHeader& header, std::span<const std::byte> body) {
  const std::uint64_t numbers[] = {header.graph_bytes, header.pointers_bytes, header.root,
                                   static_cast<std::uint64_t>(header.timestamp)};
  const std::uint64_t of_numbers = hash_of({reinterpret_cast<const char*>(numbers), sizeof numbers}, kHashBegin);
  return hash_of({reinterpret_cast<const char*>(body.data()), body.size()}, of_numbers);
}

// All that an image's meaning depends on: the structs, the numbers of their kinds, the compiler of both.
std::string build_id() {
  const std::string build =
      fmt::format("assay reference 0.1.0, image 3, {} {} {} {} {} {} {}, {} {}, {}", sizeof(php::Script),
                  sizeof(php::Node), sizeof(php::FunctionData), sizeof(php::ClassData), sizeof(php::PropertyData),
                  sizeof(php::ParameterData), sizeof(php::Constant), static_cast<int>(php::NodeKind::halt),
                  static_cast<int>(php::Operator::bit_not), __VERSION__);
  return fmt::format("{:016x}{:016x}", hash_of(build, kHashBegin), hash_of(build, kOtherBegin));
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
