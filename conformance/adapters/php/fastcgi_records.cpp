#include "conformance/adapters/php/fastcgi_records.h"

#include <algorithm>

namespace assay::conformance::php {
namespace fastcgi {

namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

EncodedHeader encode_header(RecordType type, std::size_t content_length) {
  return {static_cast<char>(kVersion),
          static_cast<char>(type),
          static_cast<char>(kRequestId >> 8),
          static_cast<char>(kRequestId & 0xff),
          static_cast<char>(content_length >> 8),
          static_cast<char>(content_length & 0xff),
          0,
          0};
}

Header decode_header(const char* bytes) {
  const auto byte = [bytes](int i) { return static_cast<std::uint8_t>(bytes[i]); };
  const auto pair = [&](int i) { return static_cast<std::uint16_t>(byte(i) << 8 | byte(i + 1)); };
  return {byte(0), byte(1), pair(2), pair(4), byte(6)};
}

}  // namespace fastcgi

namespace {

constexpr std::size_t kLengthDigits = 10;
constexpr char kResponderKeepConnection[8] = {0, 1, 1, 0, 0, 0, 0, 0};

void append_record(std::string& bytes, fastcgi::RecordType type, std::string_view content) {
  const auto header = fastcgi::encode_header(type, content.size());
  bytes.append(header.data(), header.size());
  bytes.append(content);
}

// One byte below 128, otherwise four bytes with the top bit set.
void append_length(std::string& bytes, std::size_t length) {
  if (length < 128) {
    bytes.push_back(static_cast<char>(length));
    return;
  }
  bytes.push_back(static_cast<char>(0x80 | length >> 24));
  for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<char>(length >> shift & 0xff));
}

void append_pair(std::string& bytes, std::string_view name, std::string_view value) {
  append_length(bytes, name.size());
  append_length(bytes, value.size());
  bytes.append(name).append(value);
}

}  // namespace

FastcgiParameters::FastcgiParameters(const List& parameters) {
  std::string pairs;
  for (const auto& [name, value] : parameters) append_pair(pairs, name, value);
  // Records may split a parameter, but the digits must stay together: they go into a record of their own.
  append_record(bytes_, fastcgi::RecordType::begin_request,
                {kResponderKeepConnection, sizeof kResponderKeepConnection});
  for (std::size_t at = 0; at < pairs.size(); at += fastcgi::kMaxContent) {
    append_record(bytes_, fastcgi::RecordType::parameters, std::string_view(pairs).substr(at, fastcgi::kMaxContent));
  }
  std::string length;
  append_pair(length, "CONTENT_LENGTH", std::string(kLengthDigits, '0'));
  append_record(bytes_, fastcgi::RecordType::parameters, length);
  length_offset_ = bytes_.size() - kLengthDigits;
  append_record(bytes_, fastcgi::RecordType::parameters, "");
}

std::string_view FastcgiParameters::with_content_length(std::size_t length) {
  for (std::size_t digit = kLengthDigits; digit-- > 0; length /= 10) {
    bytes_[length_offset_ + digit] = static_cast<char>('0' + length % 10);
  }
  return bytes_;
}

}  // namespace assay::conformance::php
