#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <thread>

#include "conformance/adapters/php/fastcgi_records.h"

namespace assay::conformance::php {

// A peer on a unix socket that does to its first connection whatever the test says, in a thread, and then closes it.
class FakeResponder {
 public:
  FakeResponder(std::string path, std::function<void(int)> behaviour) : path_(std::move(path)) {
    listener_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(listener_, 1);
    thread_ = std::thread([this, behaviour = std::move(behaviour)] {
      const int connection = accept(listener_, nullptr, nullptr);
      behaviour(connection);
      close(connection);
    });
  }
  ~FakeResponder() {
    thread_.join();
    close(listener_);
    unlink(path_.c_str());
  }

 private:
  std::string path_;
  int listener_ = -1;
  std::thread thread_;
};

inline void write_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Reads records up to the empty one that ends the body; returns the body.
inline std::string read_request(int socket) {
  std::string bytes;
  std::string body;
  char chunk[4096];
  std::size_t at = 0;
  for (;;) {
    while (bytes.size() - at >= fastcgi::kHeaderSize) {
      const auto header = fastcgi::decode_header(bytes.data() + at);
      const std::size_t size = fastcgi::kHeaderSize + header.content_length + header.padding_length;
      if (bytes.size() - at < size) break;
      if (static_cast<fastcgi::RecordType>(header.type) == fastcgi::RecordType::standard_input) {
        if (header.content_length == 0) return body;
        body.append(bytes, at + fastcgi::kHeaderSize, header.content_length);
      }
      at += size;
    }
    const ssize_t count = read(socket, chunk, sizeof chunk);
    if (count <= 0) return body;
    bytes.append(chunk, static_cast<std::size_t>(count));
  }
}

inline std::string record(fastcgi::RecordType type, std::string_view content) {
  const auto header = fastcgi::encode_header(type, content.size());
  return std::string(header.data(), header.size()).append(content);
}

inline std::string end_record() {
  return record(fastcgi::RecordType::end_request, std::string_view("\0\0\0\7\0\0\0\0", 8));
}

}  // namespace assay::conformance::php
