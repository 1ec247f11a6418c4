#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The part of the FastCGI 1.0 wire format that a web server needs towards a responder that serves one request at a
// time: records with an 8-byte header, request id always 1.
namespace assay::conformance::php::fastcgi {

inline constexpr std::size_t kHeaderSize = 8;
inline constexpr std::size_t kMaxContent = 65535;
inline constexpr std::uint16_t kRequestId = 1;

enum class RecordType : std::uint8_t {
  begin_request = 1,
  end_request = 3,
  parameters = 4,
  standard_input = 5,
  standard_output = 6,
  standard_error = 7,
};

struct Header {
  std::uint8_t version = 0;
  std::uint8_t type = 0;
  std::uint16_t request_id = 0;
  std::uint16_t content_length = 0;
  std::uint8_t padding_length = 0;
};

using EncodedHeader = std::array<char, kHeaderSize>;

EncodedHeader encode_header(RecordType type, std::size_t content_length);

// `bytes` holds at least kHeaderSize bytes.
Header decode_header(const char* bytes);

}  // namespace assay::conformance::php::fastcgi

namespace assay::conformance::php {

// The parameters of a request, encoded once and sent many times: everything of a request that comes before its body.
// The parameter CONTENT_LENGTH is added here, always ten digits long, so that each request only overwrites the digits.
// A value type; not to be used by two threads at once, since a client writes the length into it.
class FastcgiParameters {
 public:
  using List = std::vector<std::pair<std::string, std::string>>;

  explicit FastcgiParameters(const List& parameters);

  // Writes the length of the body to come (below 10^10) and returns the bytes to send.
  std::string_view with_content_length(std::size_t length);

 private:
  std::string bytes_;
  std::size_t length_offset_ = 0;
};

}  // namespace assay::conformance::php
