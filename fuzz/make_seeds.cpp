// fuzz_seeds TARGET FOLDER TRACES: writes the seeds of a fuzz target whose inputs are not traces themselves. TRACES is a
// folder of clause tests (`assay export`), whose scripts, list files and directives they are made of.
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "conformance/adapters/php/fastcgi_records.h"
#include "conformance/generators/trace_generators.h"
#include "conformance/vocabulary/trace.h"
#include "fuzz/common/cached_scripts.h"

namespace {

using namespace assay;
using namespace assay::conformance;
namespace fs = std::filesystem;

constexpr std::size_t kLargest = 16 * 1024;  // what is larger costs more time than it is worth

class Seeds {
 public:
  explicit Seeds(fs::path folder) : folder_(std::move(folder)) {}
  void add(const std::string& bytes) {
    if (!bytes.empty() && bytes.size() <= kLargest && known_.insert(bytes).second)
      std::ofstream(folder_ / ("seed" + std::to_string(known_.size())), std::ios::binary) << bytes;
  }
  std::size_t size() const { return known_.size(); }

 private:
  fs::path folder_;
  std::set<std::string> known_;
};

std::vector<Trace> traces_in(const fs::path& folder) {
  std::vector<Trace> traces;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (auto trace = read_trace(entry.path().string())) traces.push_back(std::move(*trace));
  }
  return traces;
}

void for_each_file(const std::vector<Trace>& traces,
                   const std::function<void(const std::string& path, const std::string& content)>& use) {
  for (const Trace& trace : traces) {
    for (const Step& step : trace.steps) {
      const auto* action = std::get_if<Action>(&step);
      if (action && action->kind() == ActionKind::write) use(action->text("path"), action->text("content"));
    }
  }
}

void add_scripts(Seeds& seeds, const std::vector<Trace>& traces) {
  for_each_file(traces, [&](const std::string&, const std::string& content) {
    if (content.find("<?php") != std::string::npos) seeds.add(content);
  });
}

std::string lines_of(const Directives& ini) {
  std::string text;
  for (const auto& [name, value] : ini) text += name + " = " + value + "\n";
  return text;
}

void add_directives(Seeds& seeds, const std::vector<Trace>& traces) {
  for (const Trace& trace : traces) {
    seeds.add(lines_of(trace.configuration.ini));
    for (const Pool& pool : trace.configuration.pools) seeds.add(lines_of(pool.ini));
  }
  for_each_file(traces, [&](const std::string&, const std::string& content) {
    if (content.find("<?") == std::string::npos && content.size() < 1000) seeds.add(content);
  });
}

// The histories of the property tests, which the models follow to their end.
void add_histories(Seeds& seeds, const std::vector<Trace>&) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    seeds.add(to_json_lines(random_cache_trace(seed, {})));
    seeds.add(to_json_lines(random_reservation_trace(seed, {})));
    seeds.add(to_json_lines(random_realpath_trace(seed, {})));
    seeds.add(to_json_lines(random_script_trace(seed, {})));
  }
}

void add_cache_files(Seeds& seeds, const std::vector<Trace>&) {
  for (const fuzz::CachedScript& script : fuzz::cached_scripts()) {
    std::string bytes(reinterpret_cast<const char*>(script.file.data()), script.file.size());
    seeds.add(bytes.replace(fuzz::system_id_at, fuzz::system_id_bytes, std::string(fuzz::system_id_bytes, '?')));
  }
}

template <class Number>
std::string bytes_of(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

// One changed bit in each of the first words, and operations on every key.
void add_segments(Seeds& seeds, const std::vector<Trace>&) {
  std::string operations;
  for (char i = 0; i < 18; ++i) operations += std::string{i, static_cast<char>(i * 7 % 24)};
  for (std::uint16_t place = 0; place < 2400; place = static_cast<std::uint16_t>(place + 13)) {
    seeds.add("\1" + bytes_of(place) + static_cast<char>(place % 64) + operations);
    seeds.add("\1" + bytes_of(place) + static_cast<char>(64) + bytes_of(std::uint64_t{0x0123456789abcdef}) +
              operations);
  }
}

std::string record(php::fastcgi::RecordType type, const std::string& content) {
  const auto header = php::fastcgi::encode_header(type, content.size());
  return std::string(header.data(), header.size()) + content;
}

void add_replies(Seeds& seeds, const std::vector<Trace>&) {
  using php::fastcgi::RecordType;
  const std::string end = record(RecordType::end_request, std::string(8, '\0'));
  const std::string body = "Status: 200 OK\r\nContent-Type: text/plain\r\n\r\n";
  const std::string driver =
      "\x01"
      "assay\n{\"value\":1}\n{\"thrown\":{\"class\":\"Error\",\"message\":\"no\"}}\n\x02"
      "123 done\n";
  for (const char pieces : {'\0', '\1', '\2'}) {
    seeds.add(pieces + record(RecordType::standard_output, body + driver) + end);
    seeds.add(pieces + record(RecordType::standard_error, "PHP message: no") +
              record(RecordType::standard_output, body) + end);
    seeds.add(pieces + record(RecordType::standard_output, body.substr(0, 20)) +
              record(RecordType::standard_output, body.substr(20) + driver));
    seeds.add(pieces + driver);
  }
}

// One overwritten word in each part of a block, and plans in their text form.
void add_blocks(Seeds& seeds, const std::vector<Trace>&) {
  const std::string plan = "hit/lookup fail:EINTR once:2\nfiles/open fail:5 from:1 limit:3 worker:1\nstore/* count\n";
  seeds.add(std::string(1, '\0') + plan);
  for (std::uint32_t place = 0; place < 40'000; place += 211) {
    for (const std::uint64_t value : {std::uint64_t{0}, ~std::uint64_t{0}, std::uint64_t{0x7fffffff00000003}})
      seeds.add("\1" + bytes_of(static_cast<std::uint16_t>(place)) + bytes_of(value) + plan);
  }
}

using Add = void (*)(Seeds&, const std::vector<Trace>&);
const std::map<std::string, Add> targets = {{"script", add_scripts},        {"ini_text", add_directives},
                                            {"history", add_histories},     {"cache_file", add_cache_files},
                                            {"data_segment", add_segments}, {"fastcgi_reply", add_replies},
                                            {"control_block", add_blocks}};

}  // namespace

int main(int argc, char** argv) {
  const auto add = argc == 4 ? targets.find(argv[1]) : targets.end();
  if (add == targets.end()) {
    std::fprintf(stderr, "usage: fuzz_seeds TARGET FOLDER TRACES; targets:");
    for (const auto& [name, make] : targets) std::fprintf(stderr, " %s", name.c_str());
    std::fprintf(stderr, "\n");
    return 64;
  }
  Seeds seeds(argv[2]);
  add->second(seeds, traces_in(argv[3]));
  std::printf("%zu seeds\n", seeds.size());
  return seeds.size() > 0 ? 0 : 70;
}
