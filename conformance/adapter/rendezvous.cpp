#include "conformance/adapter/rendezvous.h"

namespace assay::conformance {
namespace {

std::string php_file(const std::string& name, const char* suffix) {
  return "getenv('ASSAY_SCRATCH') . '/" + (rendezvous_prefix + name) + suffix + "'";
}

}  // namespace

RendezvousFiles rendezvous_files(const std::filesystem::path& scratch, const std::string& name) {
  const std::string file = rendezvous_prefix + name;
  return {scratch / (file + rendezvous_arrived), scratch / (file + rendezvous_go)};
}

std::string php_arrival(const std::string& name) {
  return "touch(" + php_file(name, rendezvous_arrived) + ");";
}

std::string php_wait(const std::string& name) {
  return "$turns = 0; while ($turns++ < 10000 && !file_exists(" + php_file(name, rendezvous_go) + ")) { usleep(200); }";
}

std::string php_rendezvous(const std::string& name) {
  return php_arrival(name) + " " + php_wait(name);
}

}  // namespace assay::conformance
