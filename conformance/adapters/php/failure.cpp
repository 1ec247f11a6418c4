#include "conformance/adapters/php/failure.h"

#include "conformance/adapter/ended_start.h"

#include <system_error>
#include <utility>

namespace assay::conformance::php {

std::string Failure::message() const {
  std::string text = where.empty() ? what : where + ": " + what;
  if (!remedy.empty()) text += ". " + remedy;
  return text;
}

tl::unexpected<Failure> fail(Failure::Kind kind, std::string what, std::string where, std::string remedy) {
  return tl::make_unexpected(Failure{kind, std::move(what), std::move(where), std::move(remedy)});
}

tl::unexpected<Failure> unusable(std::string path, std::string what, std::string remedy) {
  return fail(Failure::Kind::unusable, std::move(what), std::move(path), std::move(remedy));
}

tl::unexpected<Failure> fail_with_errno(int error_number, std::string what, std::string where, std::string remedy) {
  // std::generic_category().message is thread-safe, strerror is not.
  what += ": " + std::generic_category().message(error_number);
  return fail(Failure::Kind::system, std::move(what), std::move(where), std::move(remedy));
}

tl::unexpected<Failure> fail_by(const Deadline& deadline, std::string what, std::string where, std::string remedy) {
  if (!deadline.is_undecided())
    return fail(Failure::Kind::timed_out, std::move(what), std::move(where), std::move(remedy));
  return fail(Failure::Kind::undecided, undecided(what), std::move(where));
}

tl::unexpected<Error> error_of(const Failure& failed) {
  if (failed.kind == Failure::Kind::undecided) return refusal(failed.message());
  return failure(failed.message(), failed.kind == Failure::Kind::ended_at_start ? ended_while_starting : 0);
}

}  // namespace assay::conformance::php
