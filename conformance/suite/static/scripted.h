#pragma once

#include <string>

#include "conformance/scenario/scenario.h"

namespace assay::conformance {

// Scripts that call the cache themselves, as a program does: for what cannot travel in a trace, such as hooks of classes,
// variables that change after the call, and what a caller does with a fetched object.
class ScriptedScenario : public Scenario {
 public:
  explicit ScriptedScenario(const Description& target) : Scenario(target) { needs("static_cache.scripts"); }

 protected:
  // A script that all requests below may run by its name; `Cache` is the volatile backend.
  void script(const std::string& name, const std::string& code) {
    write(path_of(name), php("use OPcache\\VolatileCache as Cache;\n" + code));
  }
  // Runs it in a request of its own. Asks the cache first: where its classes come from a map, it is loaded then.
  ReplyRef run(WorkerHandle worker, const std::string& name) {
    auto request = worker.request();
    return run(request, name);
  }
  ReplyRef run(RequestBuilder& request, const std::string& name) {
    request.has_key("-");
    return request.include(path_of(name));
  }

 private:
  static std::string path_of(const std::string& name) { return "@/" + name + ".php"; }
};

}  // namespace assay::conformance
