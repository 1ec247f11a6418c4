#pragma once

#include "conformance/adapter/rendezvous.h"
#include "conformance/registry/registration.h"

namespace assay::conformance {

// The common topology of docs/spec/deploy-scenarios.md: three releases beside a link to the first one. The main script
// of each tells its own release and that of the library that it includes through its own directory: "r1/r1". Workers
// are pools of one under one master.
class Releases : public Scenario {
 public:
  using Scenario::Scenario;

 protected:
  static constexpr const char* kPage = "@/current/index.php";
  static constexpr const char* kLibrary = "@/current/lib.php";

  using Scenario::ini;
  void ini(const Directives& settings) {
    for (const auto& [name, value] : settings) ini(name, value);
  }

  void releases() {
    for (const char* name : {"r1", "r2", "r3"}) write_release(name);
    make_link("@/current", "releases/r1");
  }
  void write_release(const std::string& name) {
    write("@/releases/" + name + "/index.php", php("echo '" + name + "/', include __DIR__ . '/lib.php';"));
    write("@/releases/" + name + "/lib.php", returns(name));
  }
  // A further main script of one release.
  void script(const std::string& release, const std::string& name, const std::string& code) {
    write("@/releases/" + release + "/" + name, php(code));
  }
  void swap(const std::string& release) { swap_link("@/current", "releases/" + release); }

  static Matcher page(Value body) { return equals(Value::map({{"status", 200}, {"body", std::move(body)}})); }
  static Matcher missing(const std::string& text) { return equals(Value::map({{"status", 404}, {"body", text}})); }
  // The name resolves, perhaps into another release, and there is no such file; nobody knows the name.
  static Matcher not_specified() { return missing("No input file specified.\n"); }
  static Matcher not_found() { return missing("File not found.\n"); }

  ReplyRef gives(WorkerHandle worker, const std::string& body, const std::string& path = kPage) {
    const ReplyRef asked = worker.serve(path);
    expect(asked, page(body));
    return asked;
  }
  template <std::size_t N>
  void all_give(const std::array<WorkerHandle, N>& workers, const std::string& body) {
    for (const WorkerHandle& worker : workers) gives(worker, body);
  }
  // The clock goes on second by second; all workers answer the same at each.
  template <std::size_t N>
  void all_give_for(const std::array<WorkerHandle, N>& workers, const std::string& body, int seconds, int step = 1) {
    for (int at = 0; at < seconds; at += step) {
      all_give(workers, body);
      advance_clock(std::chrono::seconds(step));
    }
  }

  // PHP code that stops until the suite lets it continue.
  static std::string waits(const std::string& name) { return php_rendezvous(name); }

  static Path statistic(const char* name) { return {"opcache_statistics", name}; }
};

}  // namespace assay::conformance
