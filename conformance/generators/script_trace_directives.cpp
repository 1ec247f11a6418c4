#include "conformance/generators/script_trace_directives.h"

#include <string>

namespace assay::conformance {

std::int64_t draw_script_directives(Directives& ini, Draw& draw, const ScriptTraceOptions& options) {
  const auto frequency = draw.one_of<std::int64_t>({0, 0, 1, 2, 5});
  ini["opcache.revalidate_freq"] = std::to_string(frequency);
  ini["opcache.file_update_protection"] = draw.one_of<std::string>({"0", "0", "2"});
  if (draw.percent(20)) ini["opcache.validate_timestamps"] = "0";
  if (options.directives && draw.percent(30)) ini["opcache.revalidate_path"] = "1";
  if (options.directives && draw.percent(20)) ini["opcache.use_cwd"] = "0";
  // With a blacklist a host's own main script would be a file that is too large.
  if (options.directives && !options.excluded && draw.percent(15)) ini["opcache.max_file_size"] = "60";
  if (options.directives && draw.percent(20)) ini["realpath_cache_ttl"] = draw.one_of<std::string>({"2", "10"});
  if (options.directives && draw.percent(15)) ini["realpath_cache_size"] = "0";
  if (options.questions && draw.percent(70)) ini["opcache.enable_file_override"] = "1";
  return frequency;
}

void draw_script_sizes(Directives& ini, Draw& draw, const ScriptTraceOptions& options) {
  if (options.readers) ini["opcache.force_restart_timeout"] = "0";
  if (options.full_table) ini["opcache.max_accelerated_files"] = "200";
  if (options.full_strings) ini["opcache.interned_strings_buffer"] = "1";
  if (!options.full_memory) return;
  ini["opcache.memory_consumption"] = "8";
  ini["opcache.interned_strings_buffer"] = "7";
  ini["opcache.max_wasted_percentage"] = draw.one_of<std::string>({"1", "1", "50"});
}

}  // namespace assay::conformance
