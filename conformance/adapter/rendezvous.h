#pragma once

#include <filesystem>
#include <string>

namespace assay::conformance {

// The protocol of the operation `rendezvous` NAME, and of scripts that make one: the worker makes the file `arrived` in the
// scratch folder of the run, then waits until `go` exists there, looking every 200 microseconds or so. The suite makes the
// latter. Nobody removes them: a name is for one meeting of a run.
struct RendezvousFiles {
  std::filesystem::path arrived, go;
};

inline constexpr const char* rendezvous_prefix = "rendezvous-";
inline constexpr const char* rendezvous_arrived = ".arrived";
inline constexpr const char* rendezvous_go = ".go";

RendezvousFiles rendezvous_files(const std::filesystem::path& scratch, const std::string& name);

// PHP statements for a main script, which finds the scratch folder in the environment variable ASSAY_SCRATCH: it arrives;
// it waits until the suite lets it continue, or about two seconds, so that it does not count as hung where file_exists() is
// refused for good; both.
std::string php_arrival(const std::string& name);
std::string php_wait(const std::string& name);
std::string php_rendezvous(const std::string& name);

}  // namespace assay::conformance
