#include "conformance/adapters/php/fastcgi_records.h"

#include <gtest/gtest.h>

namespace assay::conformance::php {
namespace {

using fastcgi::RecordType;

// Takes the parameters apart again, independently of how they were cut into records.
std::vector<std::pair<std::string, std::string>> decode(std::string_view bytes) {
  std::string pairs;
  while (!bytes.empty()) {
    const auto header = fastcgi::decode_header(bytes.data());
    if (header.type == static_cast<int>(RecordType::parameters)) {
      pairs.append(bytes.substr(fastcgi::kHeaderSize, header.content_length));
    }
    bytes.remove_prefix(fastcgi::kHeaderSize + header.content_length);
  }
  std::vector<std::pair<std::string, std::string>> result;
  std::size_t at = 0;
  const auto byte = [&] { return static_cast<unsigned char>(pairs.at(at++)); };
  const auto length = [&] {
    std::size_t value = byte();
    if (value & 0x80) {
      value &= 0x7f;
      for (int i = 0; i < 3; ++i) value = value << 8 | byte();
    }
    return value;
  };
  while (at < pairs.size()) {
    const std::size_t name = length();
    const std::size_t value = length();
    result.emplace_back(pairs.substr(at, name), pairs.substr(at + name, value));
    at += name + value;
  }
  return result;
}

TEST(FastcgiParameters, LengthIsOverwrittenInPlace) {
  FastcgiParameters parameters(FastcgiParameters::List{{"X", "y"}});
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(decode(parameters.with_content_length(9876543210)), (Pairs{{"X", "y"}, {"CONTENT_LENGTH", "9876543210"}}));
  EXPECT_EQ(decode(parameters.with_content_length(7)), (Pairs{{"X", "y"}, {"CONTENT_LENGTH", "0000000007"}}));
}

TEST(FastcgiParameters, LongNamesValuesAndRecords) {
  const std::string name(200, 'n');
  const std::string value(70'000, 'v');
  FastcgiParameters parameters({{name, value}, {"SHORT", std::string(127, 's')}, {"EDGE", std::string(128, 'e')}});
  const auto decoded = decode(parameters.with_content_length(0));
  ASSERT_EQ(decoded.size(), 4u);
  EXPECT_EQ(decoded[0], std::pair(name, value));
  EXPECT_EQ(decoded[1].second.size(), 127u);
  EXPECT_EQ(decoded[2].second.size(), 128u);
}

TEST(FastcgiRecords, HeaderRoundTrip) {
  const auto bytes = fastcgi::encode_header(RecordType::standard_input, 65535);
  const auto header = fastcgi::decode_header(bytes.data());
  EXPECT_EQ(header.version, 1);
  EXPECT_EQ(header.type, 5);
  EXPECT_EQ(header.request_id, 1);
  EXPECT_EQ(header.content_length, 65535);
  EXPECT_EQ(header.padding_length, 0);
}

}  // namespace
}  // namespace assay::conformance::php
