#include "conformance/adapters/reference/file_operations.h"

#include <fmt/format.h>

#include <system_error>
#include <variant>

#include "reference/php/streams/streams.h"
#include "reference/realpath_cache/realpath_key.h"

namespace assay::conformance {
namespace {

using reference::OperationError;
using reference::OperationResult;
using reference::PathOperations;

Reply failed(const OperationError& error) {
  if (error.kind == OperationError::Kind::value_error) return Reply::thrown("ValueError", error.message);
  return Reply::of(false);
}

// What a PHP function returns: the value, or false.
template <class T>
Reply answer(const OperationResult<T>& result) {
  if (!result) return failed(result.error());
  if constexpr (std::is_void_v<T>)
    return Reply::of(true);
  else
    return Reply::of(Value(*result));
}

// PHP warns of a file that it cannot open, by the path as it was written.
Reply not_opened(const char* function, const std::string& path, const OperationError& error) {
  Reply reply = failed(error);
  if (error.kind != OperationError::Kind::failed || error.number == 0) return reply;
  const std::string why = std::generic_category().message(error.number);
  reply.diagnostics = {fmt::format("Warning: {}({}): Failed to open stream: {}", function, path, why)};
  return reply;
}

// PHP warns of a change that the system refuses; of one name by that name, of two by both. symlink() names none.
Reply changed(const char* function, const std::string& names, const OperationResult<void>& result) {
  Reply reply = answer(result);
  if (result || result.error().kind != OperationError::Kind::failed || result.error().number == 0) return reply;
  const std::string why = std::generic_category().message(result.error().number);
  reply.diagnostics = {fmt::format("Warning: {}({}): {}", function, names, why)};
  return reply;
}

Value key_value(std::uint64_t key) {
  return std::visit([](auto shown) { return Value(shown); }, reference::present_key(key));
}

Value listing(const PathOperations& paths) {
  Elements elements;
  for (const auto& entry : paths.realpath_cache_get()) {
    elements.emplace_back(entry.raw_path, Value::map({{"key", key_value(entry.key)},
                                                      {"is_dir", entry.is_dir},
                                                      {"realpath", entry.real_path},
                                                      {"expires", entry.expires}}));
  }
  return elements;
}

// By a stream wrapper where one takes the name (RP-USE-04).
Reply read_file(reference::Worker& worker, const std::string& path) {
  const auto& streams = reference::php::all_streams();
  if (streams.takes(worker.request(), path)) {
    using Purpose = reference::php::StreamOpener::Purpose;
    const auto text = streams.read(worker.machine(), path, Purpose::contents, "file_get_contents");
    return text.bytes ? Reply::of(*text.bytes) : Reply::of(false);
  }
  const auto contents = worker.paths().file_get_contents(path);
  if (!contents) return not_opened("file_get_contents", path, contents.error());
  return Reply::of(contents->bytes);
}

Reply put_file(PathOperations& paths, const std::string& path, const std::string& data) {
  const auto written = paths.file_put_contents(path, data);
  if (!written) return not_opened("file_put_contents", path, written.error());
  return Reply::of(*written);
}

Reply scan(PathOperations& paths, const std::string& path) {
  const auto names = paths.scandir(path);
  if (!names) return failed(names.error());
  return Reply::of(Value::list({names->begin(), names->end()}));
}

Reply clear(PathOperations& paths, const Operation& operation) {
  const Value& path = operation.argument("path");
  const auto done = path.is_string() ? paths.clear_stat_cache(operation.flag("realpath"), path.as_string())
                                     : paths.clear_stat_cache(operation.flag("realpath"));
  return done ? Reply::of(nullptr) : failed(done.error());
}

Reply touch(PathOperations& paths, const Operation& operation) {
  const std::int64_t mtime = operation.integer("mtime");
  if (mtime == 0) return answer(paths.touch(operation.text("path")));
  return answer(paths.touch(operation.text("path"), reference::FileTimes{{mtime, 0}, {mtime, 0}}));
}

// The name is random: the directory is what can be compared.
Reply temp_name(PathOperations& paths, const Operation& operation) {
  auto name = paths.tempnam(operation.text("directory"), operation.text("prefix"));
  if (!name) return failed(name.error());
  return Reply::of(name->substr(0, name->rfind('/')));
}

}  // namespace

std::optional<Reply> perform_file_operation(const Operation& op, reference::Worker& worker) {
  PathOperations& paths = worker.paths();
  using K = OperationKind;
  const auto path = [&]() -> const std::string& { return op.text("path"); };
  switch (op.kind()) {
    case K::realpath:
      return answer(paths.realpath(path()));
    case K::realpath_cache_get:
      return Reply::of(listing(paths));
    case K::realpath_cache_size:
      return Reply::of(paths.realpath_cache_size());
    case K::clear_stat_cache:
      return clear(paths, op);
    case K::read_file:
      return read_file(worker, path());
    case K::put_file:
      return put_file(paths, path(), op.text("data"));
    case K::file_exists:
      return Reply::of(worker.files().file_exists(path()));
    case K::is_file:
      return Reply::of(worker.files().is_file(path()));
    case K::is_dir:
      return Reply::of(paths.is_dir(path()));
    case K::is_link:
      return Reply::of(paths.is_link(path()));
    case K::is_readable:
      return Reply::of(worker.files().is_readable(path()));
    case K::is_writable:
      return Reply::of(paths.is_writable(path()));
    case K::is_executable:
      return Reply::of(paths.is_executable(path()));
    case K::file_mtime:
      return answer(paths.filemtime(path()));
    case K::file_size:
      return answer(paths.filesize(path()));
    case K::read_link:
      return answer(paths.read_link(path()));
    case K::unlink:
      return changed("unlink", path(), paths.unlink(path()));
    case K::rename:
      return changed("rename", op.text("from") + "," + op.text("to"), paths.rename(op.text("from"), op.text("to")));
    case K::make_dir:
      return answer(paths.mkdir(path(), 0777, op.flag("recursive")));
    case K::remove_dir:
      return answer(paths.rmdir(path()));
    case K::touch:
      return touch(paths, op);
    case K::chmod:
      return answer(paths.chmod(path(), static_cast<mode_t>(op.integer("mode"))));
    case K::symlink:
      return changed("symlink", "", paths.symlink(op.text("target"), op.text("link")));
    case K::link:
      return answer(paths.link(op.text("target"), op.text("link")));
    case K::copy:
      return answer(paths.copy(op.text("from"), op.text("to")));
    case K::temp_name:
      return temp_name(paths, op);
    case K::change_dir:
      return answer(paths.chdir(path()));
    case K::current_dir:
      return answer(paths.getcwd());
    case K::scan_dir:
      return scan(paths, path());
    default:
      return std::nullopt;
  }
}

}  // namespace assay::conformance
