#include "conformance/models/file_system_model.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "conformance/adapter/root_text.h"

namespace assay::conformance {

namespace {

using Node = FileSystemModel::Node;
using Place = FileSystemModel::Place;
using Status = FileSystemModel::Place::Status;

// The names of a path; a slash at the end leaves an empty one, which asks for a directory.
std::deque<std::string> names_of(const std::string& path) {
  std::deque<std::string> names;
  std::size_t begin = 0;
  while (begin <= path.size()) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    names.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return names;
}

std::string parent_of(const std::string& canonical) {
  const std::size_t slash = canonical.rfind('/');
  return slash == 0 || slash == std::string::npos ? "/" : canonical.substr(0, slash);
}

std::string child_of(const std::string& directory, const std::string& name) {
  return directory == "/" ? "/" + name : directory + "/" + name;
}

const Node& root_node() {
  static const Node node;
  return node;
}

}  // namespace

FileSystemModel::FileSystemModel(std::string root) : root_(std::move(root)) {
  for (std::string path = root_; path != "/"; path = parent_of(path)) nodes_[path] = Node{};
}

Place FileSystemModel::walk(const std::string& path, bool follow) const {
  if (path.size() > 4095) return {Status::too_long, path, nullptr, false};
  std::deque<std::string> names = names_of(path);
  std::string at = "/";
  const Node* node = &root_node();
  int links = 0;
  while (!names.empty()) {
    const std::string name = std::move(names.front());
    names.pop_front();
    if (node->kind != Node::Kind::directory) return {Status::not_directory, at, nullptr, false};
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      at = parent_of(at);
      node = at == "/" ? &root_node() : &nodes_.at(at);
      continue;
    }
    const std::string child = child_of(at, name);
    const auto found = nodes_.find(child);
    if (found == nodes_.end()) {
      has_looked_outside_ |= !child.starts_with(root_ + "/");
      return {Status::missing, child, nullptr, names.empty()};
    }
    if (found->second.kind == Node::Kind::link && (follow || !names.empty())) {
      if (++links > 40) return {Status::loop, child, nullptr, false};
      std::deque<std::string> target = names_of(found->second.text);
      if (found->second.text.starts_with('/')) {
        at = "/";
        node = &root_node();
      }
      names.insert(names.begin(), target.begin(), target.end());
      continue;
    }
    at = child;
    node = &found->second;
  }
  return {Status::found, at, node, false};
}

void FileSystemModel::replace(const std::string& path, Node node) {
  nodes_[path] = std::move(node);
}

bool FileSystemModel::is_empty(const std::string& directory) const {
  const auto next = nodes_.lower_bound(directory + "/");
  return next == nodes_.end() || !next->first.starts_with(directory + "/");
}

void FileSystemModel::erase_tree(const std::string& path) {
  nodes_.erase(path);
  auto next = nodes_.lower_bound(path + "/");
  while (next != nodes_.end() && next->first.starts_with(path + "/")) next = nodes_.erase(next);
}

bool FileSystemModel::write_file(const std::string& path, std::string content, std::int64_t mtime) {
  const Place place = walk(path, true);
  if (!place.found() && !(place.status == Status::missing && place.creatable)) return false;
  if (place.is(Node::Kind::directory)) return false;
  replace(place.path, {Node::Kind::file, std::move(content), mtime, !place.found() || place.node->readable});
  return true;
}

bool FileSystemModel::make_directory(const std::string& path) {
  std::string name = path;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  const Place place = walk(name, false);
  if (place.found() || !place.creatable) return false;
  replace(place.path, Node{});
  return true;
}

bool FileSystemModel::make_link(const std::string& path, std::string target) {
  const Place place = walk(path, false);
  if (place.found() || !place.creatable) return false;
  replace(place.path, {Node::Kind::link, std::move(target), 0, true});
  return true;
}

bool FileSystemModel::unlink(const std::string& path) {
  const Place place = walk(path, false);
  if (!place.found() || place.is(Node::Kind::directory)) return false;
  nodes_.erase(place.path);
  return true;
}

bool FileSystemModel::remove_directory(const std::string& path) {
  const Place place = walk(path, false);
  if (!place.is(Node::Kind::directory) || path.ends_with("/.") || !is_empty(place.path)) return false;
  nodes_.erase(place.path);
  return true;
}

bool FileSystemModel::rename(const std::string& from, const std::string& to) {
  const Place source = walk(from, false), target = walk(to, false);
  if (!source.found() || (!target.found() && !target.creatable)) return false;
  if (source.path == target.path) return true;
  const bool directory = source.is(Node::Kind::directory);
  if (directory && target.path.starts_with(source.path + "/")) return false;
  if (source.path.starts_with(target.path + "/")) return false;
  if (target.found() && target.is(Node::Kind::directory) != directory) return false;
  if (target.found() && directory && !is_empty(target.path)) return false;
  std::map<std::string, Node> moved;
  moved[target.path] = nodes_.at(source.path);
  for (auto next = nodes_.lower_bound(source.path + "/");
       next != nodes_.end() && next->first.starts_with(source.path + "/"); ++next)
    moved[target.path + next->first.substr(source.path.size())] = next->second;
  erase_tree(source.path);
  for (auto& [path, node] : moved) nodes_[path] = std::move(node);
  return true;
}

bool FileSystemModel::set_mtime(const std::string& path, std::int64_t mtime) {
  const Place place = walk(path, false);
  if (!place.found() || place.path == "/") return false;
  nodes_.at(place.path).mtime = mtime;
  return true;
}

bool FileSystemModel::set_readable(const std::string& path, bool readable) {
  const Place place = walk(path, true);
  if (!place.is(Node::Kind::file)) return false;
  nodes_.at(place.path).readable = readable;
  return true;
}

std::string FileSystemModel::real(const std::string& text) const {
  return with_root(text, root_);
}

void FileSystemModel::make_parents(const std::string& path) {
  for (std::size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1))
    make_directory(path.substr(0, slash));
}

bool FileSystemModel::apply(const Action& action, std::int64_t now) {
  switch (action.kind()) {
    case ActionKind::write: {
      const std::string path = real(action.text("path"));
      const Value& mtime = action.argument("mtime");
      make_parents(path);
      // A rename over the old name: a link there is replaced, not followed.
      const Place place = walk(path, false);
      if (place.is(Node::Kind::directory) || (!place.found() && !place.creatable)) return true;
      const bool keeps_mode = action.flag("in_place") && place.found();
      replace(place.path,
              {Node::Kind::file, real(action.text("content")),
               mtime.is_int() ? mtime.as_int() : now - action.integer("age"), !keeps_mode || place.node->readable});
      return true;
    }
    case ActionKind::make_directory:
      make_parents(real(action.text("path")) + "/");
      return true;
    case ActionKind::make_link:
      make_parents(real(action.text("path")));
      make_link(real(action.text("path")), real(action.text("target")));
      return true;
    case ActionKind::swap_link: {
      const Place place = walk(real(action.text("path")), false);
      if (place.is(Node::Kind::directory) || (!place.found() && !place.creatable)) return true;
      replace(place.path, {Node::Kind::link, real(action.text("target")), 0, true});
      return true;
    }
    case ActionKind::remove: {
      const Place place = walk(real(action.text("path")), false);
      if (place.found() && place.path != "/") erase_tree(place.path);
      return true;
    }
    case ActionKind::move:
      rename(real(action.text("from")), real(action.text("to")));
      return true;
    case ActionKind::set_mtime:
      set_mtime(real(action.text("path")), action.integer("mtime"));
      return true;
    case ActionKind::set_mode:
      return false;
    default:
      return true;
  }
}

}  // namespace assay::conformance
