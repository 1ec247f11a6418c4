#include <cmath>
#include <limits>

#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::add:
      return "+";
    case Operator::subtract:
      return "-";
    case Operator::multiply:
      return "*";
    case Operator::divide:
      return "/";
    case Operator::modulo:
      return "%";
    case Operator::power:
      return "**";
    case Operator::bit_and:
      return "&";
    case Operator::bit_or:
      return "|";
    case Operator::bit_xor:
      return "^";
    case Operator::shift_left:
      return "<<";
    case Operator::shift_right:
      return ">>";
    default:
      return "?";
  }
}

Value integer_power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0) return Value(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
  std::int64_t result = 1;
  std::int64_t factor = base;
  for (std::int64_t left = exponent; left > 0; left >>= 1) {
    if ((left & 1) && __builtin_mul_overflow(result, factor, &result)) {
      return Value(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
    }
    if (left > 1 && __builtin_mul_overflow(factor, factor, &factor)) {
      return Value(std::pow(static_cast<double>(base), static_cast<double>(exponent)));
    }
  }
  return Value(result);
}

}  // namespace

Value Machine::to_number(const Value& value, Operator op, const Value& left, const Value& right) {
  switch (value.type()) {
    case ValueType::integer:
    case ValueType::real:
      return value;
    case ValueType::null:
    case ValueType::boolean:
      return Value(to_int(value));
    case ValueType::string: {
      const auto number = numeric_prefix(value.as_string());
      if (!number) break;
      if (!number->whole) warn("A non-numeric value encountered");
      return number->number;
    }
    default:
      break;
  }
  throw_error("TypeError",
              "Unsupported operand types: " + type_name(left) + " " + std::string(symbol(op)) + " " + type_name(right));
}

Value Machine::arithmetic(Operator op, const Value& left, const Value& right) {
  if (op == Operator::add && left.is_array() && right.is_array()) {
    Array sum = left.as_array();
    const Array& more = right.as_array();
    for (std::size_t at = more.first(); at != more.end(); at = more.next(at)) {
      charge(1);
      if (sum.find(more.at(at).key) == nullptr) sum.set(more.at(at).key, more.at(at).value);
    }
    return Value(std::move(sum));
  }
  const Value a = to_number(left, op, left, right);
  const Value b = to_number(right, op, left, right);
  if (op == Operator::modulo) {
    const std::int64_t divisor = to_int(b);
    if (divisor == 0) throw_error("DivisionByZeroError", "Modulo by zero");
    return Value(divisor == -1 ? 0 : to_int(a) % divisor);
  }
  if (op == Operator::divide) {
    if (to_float(b) == 0) throw_error("DivisionByZeroError", "Division by zero");
    if (a.is_int() && b.is_int() && b.as_int() != -1 && a.as_int() % b.as_int() == 0)
      return Value(a.as_int() / b.as_int());
    if (a.is_int() && b.is_int() && b.as_int() == -1 && a.as_int() != std::numeric_limits<std::int64_t>::min())
      return Value(-a.as_int());
    return Value(to_float(a) / to_float(b));
  }
  if (a.is_int() && b.is_int()) {
    if (op == Operator::power) return integer_power(a.as_int(), b.as_int());
    std::int64_t result = 0;
    const bool overflow = op == Operator::add        ? __builtin_add_overflow(a.as_int(), b.as_int(), &result)
                          : op == Operator::subtract ? __builtin_sub_overflow(a.as_int(), b.as_int(), &result)
                                                     : __builtin_mul_overflow(a.as_int(), b.as_int(), &result);
    if (!overflow) return Value(result);
  }
  const double x = to_float(a);
  const double y = to_float(b);
  if (op == Operator::power) return Value(std::pow(x, y));
  return Value(op == Operator::add ? x + y : op == Operator::subtract ? x - y : x * y);
}

Value Machine::bitwise(Operator op, const Value& left, const Value& right) {
  if (left.is_string() && right.is_string() && op != Operator::shift_left && op != Operator::shift_right) {
    fatal("Bitwise operators on two strings are not part of the script subset");
  }
  const std::int64_t a = to_int(to_number(left, op, left, right));
  const std::int64_t b = to_int(to_number(right, op, left, right));
  switch (op) {
    case Operator::bit_and:
      return Value(a & b);
    case Operator::bit_or:
      return Value(a | b);
    case Operator::bit_xor:
      return Value(a ^ b);
    default:
      break;
  }
  if (b < 0) throw_error("ArithmeticError", "Bit shift by negative number");
  if (op == Operator::shift_left)
    return Value(b > 63 ? 0 : static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << b));
  return Value(b > 63 ? (a < 0 ? -1 : 0) : a >> b);
}

Value Machine::binary(Operator op, const Value& left, const Value& right) {
  switch (op) {
    case Operator::concat:
      return Value(text_of(left) + text_of(right));
    case Operator::equal:
      return Value(loosely_equal(left, right));
    case Operator::not_equal:
      return Value(!loosely_equal(left, right));
    case Operator::identical:
      return Value(identical(left, right));
    case Operator::not_identical:
      return Value(!identical(left, right));
    case Operator::less:
      return Value(compare(left, right) < 0);
    case Operator::less_equal:
      return Value(compare(left, right) <= 0);
    case Operator::greater:
      return Value(compare(right, left) < 0);
    case Operator::greater_equal:
      return Value(compare(right, left) <= 0);
    case Operator::spaceship: {
      const auto order = compare(left, right);
      return Value(order == 0 ? 0 : order < 0 ? -1 : 1);
    }
    case Operator::xor_:
      return Value(to_bool(left) != to_bool(right));
    case Operator::bit_and:
    case Operator::bit_or:
    case Operator::bit_xor:
    case Operator::shift_left:
    case Operator::shift_right:
      return bitwise(op, left, right);
    default:
      return arithmetic(op, left, right);
  }
}

Value Machine::unary(Operator op, const Value& operand) {
  if (op == Operator::not_) return Value(!to_bool(operand));
  if (op == Operator::bit_not) {
    if (!operand.is_int() && !operand.is_float())
      throw_error("TypeError", "Cannot perform bitwise not on " + type_name(operand));
    return Value(~to_int(operand));
  }
  return binary(Operator::multiply, operand, Value(op == Operator::minus ? -1 : 1));
}

}  // namespace assay::reference::php
