#include "conformance/models/script_request.h"

#include <algorithm>

namespace assay::conformance {

namespace {

using Mode = RealpathModel::Mode;

bool is_bare(const std::string& text) {
  return !text.starts_with('/') && !text.starts_with("./") && !text.starts_with("../");
}

std::vector<std::string> elements_of(const std::string& include_path) {
  std::vector<std::string> elements;
  for (std::size_t begin = 0; begin < include_path.size();) {
    const std::size_t end = std::min(include_path.find(':', begin), include_path.size());
    elements.push_back(include_path.substr(begin, end - begin));
    begin = end + 1;
  }
  return elements;
}

}  // namespace

std::string ScriptRequest::absolute(const std::string& text) const {
  if (text.starts_with('/')) return text;
  state_.request.is_lost = state_.request.is_lost || state_.request.directory.empty();
  return state_.request.directory + "/" + text;
}

std::optional<std::string> ScriptRequest::resolve(const std::string& text, Mode mode) {
  auto& realpaths = state_.workers.at(static_cast<std::size_t>(state_.request.worker)).realpaths;
  return realpaths.resolve(absolute(text), mode, world_.files, world_.now);
}

// RP-USE-06, strictly.
std::optional<std::string> ScriptRequest::search(const ScriptName& name) {
  if (!is_bare(name.text)) return resolve(name.text, Mode::strict);
  for (const std::string& element : elements_of(state_.request.include_path))
    if (auto found = resolve(element + "/" + name.text, Mode::strict)) return found;
  if (name.including.empty()) return std::nullopt;
  return resolve(name.including + "/" + name.text, Mode::strict);
}

// What is found strictly is opened under its resolved path, anything else as it was written.
ScriptRequest::Opened ScriptRequest::open(const ScriptName& name) {
  Opened opened;
  if (const auto found = search(name)) {
    opened.strictly = true;
    opened.path = opened.text = *found;
  } else {
    opened.path = resolve(name.text, Mode::lenient).value_or("");
    opened.text = name.text;
  }
  opened.file = file_at(opened.path);
  opened.can_be_read = opened.file && can_read(*opened.file);
  return opened;
}

const FileSystemModel::Node* ScriptRequest::file_at(const std::string& path) const {
  const FileSystemModel::Place place = world_.files.walk(path, true);
  return place.is(File::Kind::file) ? place.node : nullptr;
}

bool ScriptRequest::was_included(const std::string& path) const {
  const auto& included = state_.request.included;
  return std::find(included.begin(), included.end(), path) != included.end();
}

// SC-KEY-01 to -04. A part that no path contains stands between the parts of a relative key.
std::optional<std::string> ScriptRequest::key_of(const ScriptName& name) const {
  if (name.text.starts_with('/')) return name.text;
  if (!rules_.uses_directory) return name.text;
  if (!store_.interns) return std::nullopt;  // SC-KEY-05
  store_.has_made_names = true;
  std::string key = name.text;
  for (const std::string& part : {state_.request.directory, state_.request.include_path, name.including})
    key += '\0' + part;
  return key;
}

}  // namespace assay::conformance
