#include "conformance/adapters/php/failure.h"

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

tl::unexpected<Failure> fail_with_errno(int error_number, std::string what, std::string where, std::string remedy) {
  // std::generic_category().message is thread-safe, strerror is not.
  what += ": " + std::generic_category().message(error_number);
  return fail(Failure::Kind::kSystem, std::move(what), std::move(where), std::move(remedy));
}

}  // namespace assay::conformance::php
