#pragma once

#include "conformance/vocabulary/operation.h"

namespace assay::conformance {

// An operation that a scenario has asked for: where its reply can be expected and referred to.
struct ReplyRef {
  std::size_t step = 0;
  std::size_t exchange = 0;
};

// The operations under short names, for whoever can `ask(Operation)`. One line each, no logic.
template <class Asker>
class Operations {
  using K = OperationKind;

 public:
  ReplyRef include(std::string path) { return how(std::move(path), "include"); }
  ReplyRef include_once(std::string path) { return how(std::move(path), "include_once"); }
  ReplyRef require(std::string path) { return how(std::move(path), "require"); }
  ReplyRef require_once(std::string path) { return how(std::move(path), "require_once"); }
  ReplyRef compile_file(std::string path) { return ask(K::compile_file, {{"path", path}}); }
  ReplyRef invalidate(std::string path, bool force = false) {
    return ask(K::invalidate, {{"path", path}, {"force", force}});
  }
  ReplyRef reset() { return ask(K::reset, {}); }
  ReplyRef is_cached(std::string path) { return ask(K::is_cached, {{"path", path}}); }
  ReplyRef status(bool scripts = true) { return ask(K::script_status, {{"scripts", scripts}}); }
  ReplyRef configuration() { return ask(K::script_configuration, {}); }
  ReplyRef included_files() { return ask(K::included_files, {}); }

  ReplyRef realpath(std::string path) { return ask(K::realpath, {{"path", path}}); }
  ReplyRef realpath_listing() { return ask(K::realpath_cache_get, {}); }
  ReplyRef realpath_size() { return ask(K::realpath_cache_size, {}); }
  ReplyRef clear_stat_cache() { return ask(K::clear_stat_cache, {}); }
  ReplyRef clear_realpath_cache() { return ask(K::clear_stat_cache, {{"realpath", true}}); }
  ReplyRef clear_stat_cache(bool realpath_too, std::string path) {
    return ask(K::clear_stat_cache, {{"realpath", realpath_too}, {"path", path}});
  }
  ReplyRef resolve_include_path(std::string path) { return ask(K::resolve_include_path, {{"path", path}}); }

  ReplyRef read_file(std::string path) { return of_path(K::read_file, std::move(path)); }
  ReplyRef put_file(std::string path, std::string data) { return ask(K::put_file, {{"path", path}, {"data", data}}); }
  ReplyRef file_exists(std::string path) { return of_path(K::file_exists, std::move(path)); }
  ReplyRef is_file(std::string path) { return of_path(K::is_file, std::move(path)); }
  ReplyRef is_dir(std::string path) { return of_path(K::is_dir, std::move(path)); }
  ReplyRef is_link(std::string path) { return of_path(K::is_link, std::move(path)); }
  ReplyRef is_readable(std::string path) { return of_path(K::is_readable, std::move(path)); }
  ReplyRef is_writable(std::string path) { return of_path(K::is_writable, std::move(path)); }
  ReplyRef is_executable(std::string path) { return of_path(K::is_executable, std::move(path)); }
  ReplyRef file_mtime(std::string path) { return of_path(K::file_mtime, std::move(path)); }
  ReplyRef file_size(std::string path) { return of_path(K::file_size, std::move(path)); }
  ReplyRef read_link(std::string path) { return of_path(K::read_link, std::move(path)); }
  ReplyRef unlink(std::string path) { return of_path(K::unlink, std::move(path)); }
  ReplyRef rename(std::string from, std::string to) { return ask(K::rename, {{"from", from}, {"to", to}}); }
  ReplyRef make_dir(std::string path, bool recursive = false) {
    return ask(K::make_dir, {{"path", path}, {"recursive", recursive}});
  }
  ReplyRef remove_dir(std::string path) { return of_path(K::remove_dir, std::move(path)); }
  ReplyRef touch(std::string path, std::int64_t mtime = 0) { return ask(K::touch, {{"path", path}, {"mtime", mtime}}); }
  ReplyRef chmod(std::string path, std::int64_t mode) { return ask(K::chmod, {{"path", path}, {"mode", mode}}); }
  ReplyRef symlink(std::string target, std::string link) {
    return ask(K::symlink, {{"target", target}, {"link", link}});
  }
  ReplyRef hard_link(std::string target, std::string link) {
    return ask(K::link, {{"target", target}, {"link", link}});
  }
  ReplyRef copy(std::string from, std::string to) { return ask(K::copy, {{"from", from}, {"to", to}}); }
  ReplyRef temp_name(std::string directory, std::string prefix) {
    return ask(K::temp_name, {{"directory", directory}, {"prefix", prefix}});
  }
  ReplyRef change_dir(std::string path) { return of_path(K::change_dir, std::move(path)); }
  ReplyRef current_dir() { return ask(K::current_dir, {}); }
  ReplyRef scan_dir(std::string path) { return of_path(K::scan_dir, std::move(path)); }
  ReplyRef lock_file(std::string path) { return of_path(K::lock_file, std::move(path)); }

  ReplyRef get(std::string key) { return ask(K::cache_get, {{"key", key}}); }
  ReplyRef get(std::string key, Value fallback) { return ask(K::cache_get, {{"key", key}, {"default", fallback}}); }
  ReplyRef get_multiple(std::vector<Value> keys) { return ask(K::cache_get_multiple, {{"keys", Value::list(keys)}}); }
  ReplyRef get_multiple(std::vector<Value> keys, Value fallback) {
    return ask(K::cache_get_multiple, {{"keys", Value::list(keys)}, {"default", fallback}});
  }
  ReplyRef set(std::string key, Value value, std::int64_t ttl = 0) {
    return ask(K::cache_set, {{"key", key}, {"value", value}, {"ttl", ttl}});
  }
  ReplyRef set_multiple(Value values, std::int64_t ttl = 0) {
    return ask(K::cache_set_multiple, {{"values", values}, {"ttl", ttl}});
  }
  ReplyRef has_key(std::string key) { return ask(K::cache_has, {{"key", key}}); }
  ReplyRef remove_key(std::string key) { return ask(K::cache_delete, {{"key", key}}); }
  ReplyRef remove_keys(std::vector<Value> keys) { return ask(K::cache_delete_multiple, {{"keys", Value::list(keys)}}); }
  ReplyRef clear_cache() { return ask(K::cache_clear, {}); }
  ReplyRef lock(std::string key, std::int64_t lease = 0) {
    return ask(K::cache_lock, {{"key", key}, {"lease", lease}});
  }
  ReplyRef unlock(std::string key) { return ask(K::cache_unlock, {{"key", key}}); }
  ReplyRef cache_info() { return ask(K::cache_info, {}); }

  ReplyRef serve(std::string path) { return of_path(K::serve, std::move(path)); }
  ReplyRef visit(std::string page, std::string document_root, bool resolved = false) {
    return ask(K::visit, {{"page", page}, {"document_root", document_root}, {"resolved", resolved}});
  }

  ReplyRef ini_get(std::string name) { return ask(K::ini_get, {{"name", name}}); }
  ReplyRef ini_set(std::string name, std::string value) { return ask(K::ini_set, {{"name", name}, {"value", value}}); }
  ReplyRef time() { return ask(K::time, {}); }
  ReplyRef request_time() { return ask(K::request_time, {}); }
  ReplyRef process_id() { return ask(K::process_id, {}); }
  ReplyRef recall(int operation) { return ask(K::recall, {{"operation", operation}}); }
  ReplyRef mutate(int operation, Value key, Value value) {
    return ask(K::mutate, {{"operation", operation}, {"key", key}, {"value", value}});
  }
  ReplyRef rendezvous(std::string name) { return ask(K::rendezvous, {{"name", name}}); }

 private:
  ReplyRef how(std::string path, const char* form) { return ask(K::include, {{"path", path}, {"how", form}}); }
  ReplyRef of_path(OperationKind kind, std::string path) { return ask(kind, {{"path", path}}); }
  ReplyRef ask(OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    return static_cast<Asker*>(this)->ask(make_operation(kind, arguments));
  }
};

}  // namespace assay::conformance
