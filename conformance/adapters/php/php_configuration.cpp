#include "conformance/adapters/php/php_configuration.h"

#include "conformance/adapters/php/child_process.h"

namespace assay::conformance::php {

PhpLogs::PhpLogs(const std::string& folder)
    : php(folder + "/php.log"), opcache(folder + "/opcache.log"), output(folder + "/output.log") {}

Result<std::vector<std::string>> ini_arguments(const PhpConfiguration& configuration) {
  const PhpLogs logs(configuration.folder);
  IniSettings settings;
  if (configuration.load_opcache) settings.emplace_back("zend_extension", "opcache");
  for (const std::string& extension : configuration.extensions) settings.emplace_back("extension", extension);
  // What PHP makes on its own account stays in the folder, and replies carry nothing but the script's output.
  settings.insert(settings.end(), {{"error_log", logs.php},
                                   {"log_errors", "1"},
                                   {"display_errors", "0"},
                                   {"html_errors", "0"},
                                   {"expose_php", "0"},
                                   {"sys_temp_dir", configuration.folder},
                                   {"opcache.lockfile_path", configuration.folder},
                                   {"opcache.error_log", logs.opcache}});
  settings.insert(settings.end(), configuration.ini.begin(), configuration.ini.end());
  return command_line_of(settings);
}

std::vector<std::string> environment_of(const PhpConfiguration& configuration) {
  std::vector<std::string> environment = plain_environment(configuration.root);
  environment.push_back("TMPDIR=" + configuration.folder);
  for (const auto& [name, value] : configuration.environment) environment.push_back(name + "=" + value);
  return environment;
}

}  // namespace assay::conformance::php
