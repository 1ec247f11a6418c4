#include "reference/php/streams/streams.h"

#include "reference/php/interpreter/machine.h"
#include "reference/php/streams/data_stream.h"
#include "reference/php/streams/filter_chain.h"
#include "reference/php/streams/stream_name.h"
#include "reference/php/streams/user_stream.h"

namespace assay::reference::php {
namespace {

constexpr std::string_view kFilter = "filter/";

StreamText failed(std::string reason, std::vector<std::string> complaints = {}) {
  StreamText text;
  text.reason = std::move(reason);
  text.complaints = std::move(complaints);
  return text;
}

StreamText switched_off(const std::string& scheme, const std::string& by = "") {
  return failed("no suitable wrapper could be found",
                {scheme + ":// wrapper is disabled in the server configuration" + by});
}

StreamText plain_file(RequestContext& context, const std::string& path) {
  if (context.host == nullptr) return failed("No such file or directory");
  auto bytes = context.host->read_file(path);
  if (!bytes) return failed(bytes.error().reason);
  StreamText text;
  text.bytes = std::move(*bytes);
  text.path = path;
  return text;
}

StreamText uncompressed(StreamText text) {
  if (text.bytes && text.bytes->starts_with("\x1f\x8b")) return failed("compressed data is not in the script subset");
  return text;
}

// A name of the plain files is one without a scheme, or with that of files in lower case.
bool is_plain(const StreamName& name) {
  return name.scheme.empty() || (name.scheme == "file" && name.is_lower_case);
}

std::string wrapper_of(const StreamName& name) {
  return name.scheme.empty() ? "file" : name.scheme;
}

// Code from elsewhere is included only where the directive says so.
bool may_be_included(const RequestContext& context) {
  return context.host != nullptr && context.host->setting("allow_url_include").value_or("") == "1";
}

}  // namespace

bool Streams::takes(const RequestContext& context, std::string_view name) const {
  if (name.starts_with('/')) return !context.wrappers.reads_plain_files();
  const StreamName parts = split_stream_name(name);
  if (is_plain(parts)) return !context.wrappers.reads_plain_files();
  if (parts.scheme == "php" && context.wrappers.own("php") == nullptr && !parts.rest.starts_with(kFilter)) return false;
  return context.wrappers.has(parts.scheme);
}

StreamText Streams::read(Machine& machine, const std::string& name, Purpose purpose,
                         const std::string& function) const {
  machine.check_stack();  // a filter's name has another name in it
  machine.charge(name.size());
  RequestContext& context = machine.context();
  const StreamName parts = split_stream_name(name);
  const std::string scheme = wrapper_of(parts);
  const StreamWrappers::Own* own = context.wrappers.own(scheme);
  const bool is_url = scheme == "data" || (own != nullptr && own->is_url);
  if (is_url && purpose == Purpose::include && !may_be_included(context))
    return switched_off(scheme, " by allow_url_include=0");
  if (own != nullptr) {
    const std::string path = is_plain(parts) ? std::string(parts.rest) : name;
    return UserStream(machine, own->class_name, function).read(path, purpose);
  }
  if (!context.wrappers.has(scheme)) return switched_off(scheme);
  const std::string rest(parts.rest);
  if (scheme == "file") return plain_file(context, rest);
  if (scheme == "compress.zlib") return uncompressed(plain_file(context, rest));
  if (scheme == "php") return filtered(machine, rest.substr(kFilter.size()), purpose, function);
  auto data = data_of(rest.starts_with("//") ? rest.substr(2) : rest);
  if (!data) return failed(data.error());
  StreamText text;
  text.bytes = std::move(*data);
  text.path = name;
  return text;
}

StreamText Streams::filtered(Machine& machine, const std::string& chain_text, Purpose purpose,
                             const std::string& function) const {
  const FilterChain chain = parse_filter_chain(chain_text);
  RequestContext& context = machine.context();
  StreamText text = takes(context, chain.resource) ? read(machine, chain.resource, purpose, function)
                                                   : plain_file(context, chain.resource);
  for (const std::string& filter : chain.filters) {
    if (!text.bytes) break;
    if (apply_filter(filter, *text.bytes)) continue;
    text.complaints.push_back("Unable to locate filter \"" + filter + "\"");
    text.complaints.push_back("Unable to create filter (" + filter + ")");
  }
  return text;
}

bool Streams::exists(Machine& machine, const std::string& name, const std::string& function) const {
  RequestContext& context = machine.context();
  const StreamName parts = split_stream_name(name);
  const std::string scheme = wrapper_of(parts);
  const std::string path(is_plain(parts) ? std::string(parts.rest) : name);
  if (const StreamWrappers::Own* own = context.wrappers.own(scheme))
    return UserStream(machine, own->class_name, function).exists(path);
  return scheme == "file" && context.wrappers.has(scheme) && context.host != nullptr &&
         context.host->file_exists(std::string(parts.rest));
}

const Streams& all_streams() {
  static const Streams streams;
  return streams;
}

}  // namespace assay::reference::php
