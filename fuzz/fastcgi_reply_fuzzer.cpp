// Any bytes come back from where a php-fpm (or a web server) should be: the client ends with a reply or an error, soon,
// and so does who reads what the driver printed. The value of a directive that is written for PHP means the same bytes.
// Byte 0 says in how many pieces the rest comes.
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <thread>

#include "conformance/adapters/php/driver_protocol.h"
#include "conformance/adapters/php/fastcgi_client.h"
#include "conformance/adapters/php/ini.h"
#include "fuzz/common/byte_reader.h"
#include "fuzz/common/demand.h"
#include "fuzz/common/private_world.h"

namespace {

using namespace assay;
using namespace assay::conformance;
using namespace assay::conformance::php;
using fuzz::demand;

constexpr std::size_t most_bytes = 100'000;  // what a socket takes at once

class Server {
 public:
  Server() : path_((fuzz::PrivateWorld::of_process().run_folder() / "socket").string()) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.data(), path_.size());
    listener_ = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    demand(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
               ::listen(listener_.get(), 5) == 0,
           "there is a socket", path_);
  }

  FastcgiClient connect(FileDescriptor& other_end) {
    auto client = FastcgiClient::connect(path_, {.max_output = 1 << 20});
    demand(client.has_value(), "a client connects");
    other_end = FileDescriptor(::accept(listener_.get(), nullptr, nullptr));
    return std::move(*client);
  }

 private:
  std::string path_;
  FileDescriptor listener_;
};

void write_to(const FileDescriptor& socket, std::string_view bytes) {
  if (!bytes.empty()) (void)!::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

void demand_reply(const FastcgiReply& reply, const std::string& sent) {
  demand(reply.headers.size() + reply.body.size() <= sent.size(), "a reply is no longer than what was sent");
  demand(reply.errors.size() <= sent.size(), "errors are no longer than what was sent");
}

// What is incomplete at first is still open, as for a request that is judged at two limits.
void receive(const std::string& bytes, std::size_t first_piece) {
  static Server server;
  FileDescriptor other_end;
  FastcgiClient client = server.connect(other_end);
  FastcgiParameters parameters({{"SCRIPT_FILENAME", "/driver.php"}, {"REQUEST_METHOD", "POST"}});
  demand(client.send(parameters, "body").has_value(), "a request is sent");
  first_piece = std::min(first_piece, bytes.size());
  write_to(other_end, std::string_view(bytes).substr(0, first_piece));
  auto reply = client.receive(Deadline::at_once());
  if (!reply && client.is_open()) {
    write_to(other_end, std::string_view(bytes).substr(first_piece));
    ::shutdown(other_end.get(), SHUT_WR);
    reply = client.receive(Deadline::after(std::chrono::seconds(5)));
    demand(reply.has_value() || !client.is_open(), "after the end of a connection the client has closed its own");
  }
  demand(reply.has_value() || !reply.error().what.empty(), "an error says something");
  if (reply) demand_reply(*reply, bytes);
}

void decode(const std::string& body) {
  const auto decoded = decode_reply(body, "/root");
  if (!decoded) {
    demand(!decoded.error().message.empty(), "an error says something");
    return;
  }
  demand(decoded->stray.size() <= body.size(), "no more is stray than was printed");
  for (const Reply& reply : decoded->replies) {
    const auto again = reply_from_json(to_json(reply));
    demand(again.has_value() && *again == reply, "a reply is written and read back as the same", to_text(reply));
  }
}

// PHP reads '..' and ".." next to each other as one text.
std::string unquoted(const std::string& text) {
  if (text.empty() || (text[0] != '\'' && text[0] != '"')) return text;
  std::string bytes;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = text.find(text[begin], begin + 1);
    demand(end != std::string::npos, "a quote is closed", text);
    bytes += text.substr(begin + 1, end - begin - 1);
    begin = end + 1;
  }
  return bytes;
}

void write_for_php(const std::string& value) {
  const auto quoted = quote_ini_value(value);
  if (quoted) demand(unquoted(*quoted) == value, "a quoted value means the same bytes", *quoted);
  (void)ini_assignment(value.substr(0, value.find('=')), value);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::PrivateWorld::of_process(*argc, *argv);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::ByteReader reader(data, size);
  const std::size_t pieces = 1 + reader.byte() % 4u;
  const std::string bytes = reader.text(most_bytes);
  receive(bytes, bytes.size() / pieces);
  decode(bytes);
  write_for_php(bytes);
  return 0;
}
