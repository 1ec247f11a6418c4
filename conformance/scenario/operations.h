#pragma once

#include "conformance/vocabulary/operation.h"

namespace assay::conformance {

// An operation that a scenario has asked for: where its reply can be expected and referred to.
struct Asked {
  std::size_t step = 0;
  std::size_t exchange = 0;
};

// The operations under short names, for whoever can `ask(Operation)`. One line each, no logic.
template <class Asker>
class Operations {
  using K = OperationKind;

 public:
  Asked include(std::string path) { return how(std::move(path), "include"); }
  Asked include_once(std::string path) { return how(std::move(path), "include_once"); }
  Asked require(std::string path) { return how(std::move(path), "require"); }
  Asked require_once(std::string path) { return how(std::move(path), "require_once"); }
  Asked compile_file(std::string path) { return ask(K::compile_file, {{"path", path}}); }
  Asked invalidate(std::string path, bool force = false) {
    return ask(K::invalidate, {{"path", path}, {"force", force}});
  }
  Asked reset() { return ask(K::reset, {}); }
  Asked is_cached(std::string path) { return ask(K::is_cached, {{"path", path}}); }
  Asked status(bool scripts = true) { return ask(K::script_status, {{"scripts", scripts}}); }
  Asked configuration() { return ask(K::script_configuration, {}); }
  Asked included_files() { return ask(K::included_files, {}); }

  Asked realpath(std::string path) { return ask(K::realpath, {{"path", path}}); }
  Asked realpath_listing() { return ask(K::realpath_cache_get, {}); }
  Asked realpath_size() { return ask(K::realpath_cache_size, {}); }
  Asked clear_stat_cache() { return ask(K::clear_stat_cache, {}); }
  Asked clear_realpath_cache() { return ask(K::clear_stat_cache, {{"realpath", true}}); }
  Asked clear_stat_cache(bool realpath_too, std::string path) {
    return ask(K::clear_stat_cache, {{"realpath", realpath_too}, {"path", path}});
  }
  Asked resolve_include_path(std::string path) { return ask(K::resolve_include_path, {{"path", path}}); }

  Asked read_file(std::string path) { return of_path(K::read_file, std::move(path)); }
  Asked put_file(std::string path, std::string data) { return ask(K::put_file, {{"path", path}, {"data", data}}); }
  Asked file_exists(std::string path) { return of_path(K::file_exists, std::move(path)); }
  Asked is_file(std::string path) { return of_path(K::is_file, std::move(path)); }
  Asked is_dir(std::string path) { return of_path(K::is_dir, std::move(path)); }
  Asked is_link(std::string path) { return of_path(K::is_link, std::move(path)); }
  Asked is_readable(std::string path) { return of_path(K::is_readable, std::move(path)); }
  Asked is_writable(std::string path) { return of_path(K::is_writable, std::move(path)); }
  Asked is_executable(std::string path) { return of_path(K::is_executable, std::move(path)); }
  Asked file_mtime(std::string path) { return of_path(K::file_mtime, std::move(path)); }
  Asked file_size(std::string path) { return of_path(K::file_size, std::move(path)); }
  Asked read_link(std::string path) { return of_path(K::read_link, std::move(path)); }
  Asked unlink(std::string path) { return of_path(K::unlink, std::move(path)); }
  Asked rename(std::string from, std::string to) { return ask(K::rename, {{"from", from}, {"to", to}}); }
  Asked make_dir(std::string path, bool recursive = false) {
    return ask(K::make_dir, {{"path", path}, {"recursive", recursive}});
  }
  Asked remove_dir(std::string path) { return of_path(K::remove_dir, std::move(path)); }
  Asked touch(std::string path, std::int64_t mtime = 0) { return ask(K::touch, {{"path", path}, {"mtime", mtime}}); }
  Asked chmod(std::string path, std::int64_t mode) { return ask(K::chmod, {{"path", path}, {"mode", mode}}); }
  Asked symlink(std::string target, std::string link) { return ask(K::symlink, {{"target", target}, {"link", link}}); }
  Asked hard_link(std::string target, std::string link) { return ask(K::link, {{"target", target}, {"link", link}}); }
  Asked copy(std::string from, std::string to) { return ask(K::copy, {{"from", from}, {"to", to}}); }
  Asked temp_name(std::string directory, std::string prefix) {
    return ask(K::temp_name, {{"directory", directory}, {"prefix", prefix}});
  }
  Asked change_dir(std::string path) { return of_path(K::change_dir, std::move(path)); }
  Asked current_dir() { return ask(K::current_dir, {}); }
  Asked scan_dir(std::string path) { return of_path(K::scan_dir, std::move(path)); }
  Asked lock_file(std::string path) { return of_path(K::lock_file, std::move(path)); }

  Asked get(std::string key) { return ask(K::cache_get, {{"key", key}}); }
  Asked get(std::string key, Value standard) { return ask(K::cache_get, {{"key", key}, {"standard", standard}}); }
  Asked get_multiple(std::vector<Value> keys) { return ask(K::cache_get_multiple, {{"keys", Value::list(keys)}}); }
  Asked get_multiple(std::vector<Value> keys, Value standard) {
    return ask(K::cache_get_multiple, {{"keys", Value::list(keys)}, {"standard", standard}});
  }
  Asked set(std::string key, Value value, std::int64_t ttl = 0) {
    return ask(K::cache_set, {{"key", key}, {"value", value}, {"ttl", ttl}});
  }
  Asked set_multiple(Value values, std::int64_t ttl = 0) {
    return ask(K::cache_set_multiple, {{"values", values}, {"ttl", ttl}});
  }
  Asked has_key(std::string key) { return ask(K::cache_has, {{"key", key}}); }
  Asked remove_key(std::string key) { return ask(K::cache_delete, {{"key", key}}); }
  Asked remove_keys(std::vector<Value> keys) { return ask(K::cache_delete_multiple, {{"keys", Value::list(keys)}}); }
  Asked clear_cache() { return ask(K::cache_clear, {}); }
  Asked lock(std::string key, std::int64_t lease = 0) { return ask(K::cache_lock, {{"key", key}, {"lease", lease}}); }
  Asked unlock(std::string key) { return ask(K::cache_unlock, {{"key", key}}); }
  Asked cache_info() { return ask(K::cache_info, {}); }

  Asked serve(std::string path) { return of_path(K::serve, std::move(path)); }
  Asked visit(std::string page, std::string document_root, bool resolved = false) {
    return ask(K::visit, {{"page", page}, {"document_root", document_root}, {"resolved", resolved}});
  }

  Asked ini_get(std::string name) { return ask(K::ini_get, {{"name", name}}); }
  Asked ini_set(std::string name, std::string value) { return ask(K::ini_set, {{"name", name}, {"value", value}}); }
  Asked time() { return ask(K::time, {}); }
  Asked request_time() { return ask(K::request_time, {}); }
  Asked process_id() { return ask(K::process_id, {}); }
  Asked recall(int operation) { return ask(K::recall, {{"operation", operation}}); }
  Asked mutate(int operation, Value key, Value value) {
    return ask(K::mutate, {{"operation", operation}, {"key", key}, {"value", value}});
  }
  Asked rendezvous(std::string name) { return ask(K::rendezvous, {{"name", name}}); }

 private:
  Asked how(std::string path, const char* form) { return ask(K::include, {{"path", path}, {"how", form}}); }
  Asked of_path(OperationKind kind, std::string path) { return ask(kind, {{"path", path}}); }
  Asked ask(OperationKind kind, std::initializer_list<std::pair<const char*, Value>> arguments) {
    return static_cast<Asker*>(this)->ask(make_operation(kind, arguments));
  }
};

}  // namespace assay::conformance
