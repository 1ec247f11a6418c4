#include "conformance/generators/exhaustive.h"

#include "conformance/generators/trace_builder.h"

namespace assay::conformance {

namespace {

std::string key_name(int key) {
  return std::string(1, static_cast<char>('a' + key));
}

// Names must be used for the first time in their order.
bool first_use_in_order(int name, int& used) {
  if (name > used) return false;
  if (name == used) ++used;
  return true;
}

}  // namespace

ExhaustiveTraces::ExhaustiveTraces(ExhaustiveOptions options) : options_(std::move(options)) {
  using Kind = Symbol::Kind;
  for (int worker = 0; worker < options_.workers; ++worker) {
    for (int key = 0; key < options_.keys; ++key) {
      alphabet_.push_back({Kind::get, worker, key, 0, 0});
      alphabet_.push_back({Kind::remove, worker, key, 0, 0});
      if (options_.counters) alphabet_.push_back({Kind::count, worker, key, 0, 0});
      for (int value = 0; value < options_.values; ++value)
        for (int ttl = 0; ttl <= (options_.clock ? 1 : 0); ++ttl)
          alphabet_.push_back({Kind::set, worker, key, value, ttl});
    }
    alphabet_.push_back({Kind::clear, worker, 0, 0, 0});
  }
  if (options_.clock) alphabet_.push_back({Kind::advance, 0, 0, 0, 0});
}

std::optional<Trace> ExhaustiveTraces::next() {
  while (!ended_) {
    ended_ = !advance();
    if (!ended_ && is_canonical()) return trace();
  }
  return std::nullopt;
}

// The next word: counts up, and grows by a letter when all of its length are done.
bool ExhaustiveTraces::advance() {
  for (std::size_t i = word_.size(); i-- > 0;) {
    if (++word_[i] < alphabet_.size()) return true;
    word_[i] = 0;
  }
  if (word_.size() >= static_cast<std::size_t>(options_.operations)) return false;
  word_.assign(word_.size() + 1, 0);
  return true;
}

bool ExhaustiveTraces::is_canonical() const {
  int keys = 0, values = 0, workers = 0;
  for (const std::size_t letter : word_) {
    const Symbol& symbol = alphabet_[letter];
    if (symbol.kind == Symbol::Kind::advance) continue;
    if (!first_use_in_order(symbol.worker, workers)) return false;
    if (symbol.kind == Symbol::Kind::clear) continue;
    if (!first_use_in_order(symbol.key, keys)) return false;
    if (symbol.kind == Symbol::Kind::set && !first_use_in_order(symbol.value, values)) return false;
  }
  return true;
}

Trace ExhaustiveTraces::trace() const {
  TraceBuilder out("exhaustive", options_.workers);
  for (const std::size_t letter : word_) {
    const Symbol& symbol = alphabet_[letter];
    const Value key = key_name(symbol.key), backend = options_.backend;
    if (symbol.kind == Symbol::Kind::advance) {
      out.advance(1);
      continue;
    }
    out.begin_request(symbol.worker);
    switch (symbol.kind) {
      case Symbol::Kind::get:
        out.ask(OperationKind::cache_get, {{"key", key}, {"backend", backend}});
        break;
      case Symbol::Kind::set:
        out.ask(OperationKind::cache_set,
                {{"key", key}, {"value", symbol.value + 1}, {"ttl", symbol.ttl}, {"backend", backend}});
        break;
      case Symbol::Kind::remove:
        out.ask(OperationKind::cache_delete, {{"key", key}, {"backend", backend}});
        break;
      case Symbol::Kind::count:
        out.ask(OperationKind::cache_increment, {{"key", key}, {"step", 3}, {"backend", backend}});
        break;
      default:
        out.ask(OperationKind::cache_clear, {{"backend", backend}});
    }
  }
  for (int worker = 0; worker < options_.workers; ++worker) {
    out.begin_request(worker);
    for (int key = 0; key < options_.keys; ++key)
      out.ask(OperationKind::cache_get, {{"key", key_name(key)}, {"backend", options_.backend}});
  }
  return std::move(out.trace);
}

}  // namespace assay::conformance
