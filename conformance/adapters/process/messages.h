#pragma once

#include <span>
#include <string>
#include <vector>

#include "conformance/adapter/target.h"
#include "conformance/vocabulary/value_json.h"

// The messages of docs/adapter-protocol.md, as data. Reading is strict: an unknown field, a missing one or a value of
// another type is an error that names the field.
namespace assay::conformance::process {

inline constexpr int kProtocol = 1;

struct Greeting {
  Description description;
  bool wants_interposer = false;
};

// The processes of the workers, by their numbers; 0 where a worker has none of its own.
using Processes = std::vector<pid_t>;

Json hello_message();
Json start_message(const Configuration& configuration, const Sandbox& sandbox);
Json request_message(int worker, std::span<const Exchange> exchanges, const std::string& root);
Json replace_message(int worker);
Json reload_message();
Json end_message();

// What the adapter says instead of an answer: {"error": why}. Nothing where it does not.
std::optional<std::string> error_in(const Json& message);

// The other direction, for programs of ours that speak the protocol.
Json greeting_json(const Greeting& greeting);
Expected<std::pair<Configuration, Sandbox>> start_from(const Json& start);

Expected<Greeting> greeting_from(const Json& message);
Expected<Processes> processes_from(const Json& message, const char* field, std::size_t workers);
// {"replies": [..]}; as many as operations were sent.
Expected<std::vector<Reply>> replies_from(const Json& message, std::size_t operations, const std::string& root);
// {"died": how}: the worker ended in the middle of the request.
Expected<std::optional<std::string>> death_in(const Json& message);

}  // namespace assay::conformance::process
