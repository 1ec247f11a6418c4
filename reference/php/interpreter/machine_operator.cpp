#include <cmath>
#include <limits>

#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::kAdd:
      return "+";
    case Operator::kSubtract:
      return "-";
    case Operator::kMultiply:
      return "*";
    case Operator::kDivide:
      return "/";
    case Operator::kModulo:
      return "%";
    case Operator::kPower:
      return "**";
    case Operator::kBitAnd:
      return "&";
    case Operator::kBitOr:
      return "|";
    case Operator::kBitXor:
      return "^";
    case Operator::kShiftLeft:
      return "<<";
    case Operator::kShiftRight:
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
    case ValueType::kInt:
    case ValueType::kFloat:
      return value;
    case ValueType::kNull:
    case ValueType::kBool:
      return Value(to_int(value));
    case ValueType::kString: {
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
  if (op == Operator::kAdd && left.is_array() && right.is_array()) {
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
  if (op == Operator::kModulo) {
    const std::int64_t divisor = to_int(b);
    if (divisor == 0) throw_error("DivisionByZeroError", "Modulo by zero");
    return Value(divisor == -1 ? 0 : to_int(a) % divisor);
  }
  if (op == Operator::kDivide) {
    if (to_float(b) == 0) throw_error("DivisionByZeroError", "Division by zero");
    if (a.is_int() && b.is_int() && b.as_int() != -1 && a.as_int() % b.as_int() == 0)
      return Value(a.as_int() / b.as_int());
    if (a.is_int() && b.is_int() && b.as_int() == -1 && a.as_int() != std::numeric_limits<std::int64_t>::min())
      return Value(-a.as_int());
    return Value(to_float(a) / to_float(b));
  }
  if (a.is_int() && b.is_int()) {
    if (op == Operator::kPower) return integer_power(a.as_int(), b.as_int());
    std::int64_t result = 0;
    const bool overflow = op == Operator::kAdd        ? __builtin_add_overflow(a.as_int(), b.as_int(), &result)
                          : op == Operator::kSubtract ? __builtin_sub_overflow(a.as_int(), b.as_int(), &result)
                                                      : __builtin_mul_overflow(a.as_int(), b.as_int(), &result);
    if (!overflow) return Value(result);
  }
  const double x = to_float(a);
  const double y = to_float(b);
  if (op == Operator::kPower) return Value(std::pow(x, y));
  return Value(op == Operator::kAdd ? x + y : op == Operator::kSubtract ? x - y : x * y);
}

Value Machine::bitwise(Operator op, const Value& left, const Value& right) {
  if (left.is_string() && right.is_string() && op != Operator::kShiftLeft && op != Operator::kShiftRight) {
    fatal("Bitwise operators on two strings are not part of the script subset");
  }
  const std::int64_t a = to_int(to_number(left, op, left, right));
  const std::int64_t b = to_int(to_number(right, op, left, right));
  switch (op) {
    case Operator::kBitAnd:
      return Value(a & b);
    case Operator::kBitOr:
      return Value(a | b);
    case Operator::kBitXor:
      return Value(a ^ b);
    default:
      break;
  }
  if (b < 0) throw_error("ArithmeticError", "Bit shift by negative number");
  if (op == Operator::kShiftLeft)
    return Value(b > 63 ? 0 : static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << b));
  return Value(b > 63 ? (a < 0 ? -1 : 0) : a >> b);
}

Value Machine::binary(Operator op, const Value& left, const Value& right) {
  switch (op) {
    case Operator::kConcat:
      return Value(text_of(left) + text_of(right));
    case Operator::kEqual:
      return Value(loosely_equal(left, right));
    case Operator::kNotEqual:
      return Value(!loosely_equal(left, right));
    case Operator::kIdentical:
      return Value(identical(left, right));
    case Operator::kNotIdentical:
      return Value(!identical(left, right));
    case Operator::kLess:
      return Value(compare(left, right) < 0);
    case Operator::kLessEqual:
      return Value(compare(left, right) <= 0);
    case Operator::kGreater:
      return Value(compare(right, left) < 0);
    case Operator::kGreaterEqual:
      return Value(compare(right, left) <= 0);
    case Operator::kSpaceship: {
      const auto order = compare(left, right);
      return Value(order == 0 ? 0 : order < 0 ? -1 : 1);
    }
    case Operator::kXor:
      return Value(to_bool(left) != to_bool(right));
    case Operator::kBitAnd:
    case Operator::kBitOr:
    case Operator::kBitXor:
    case Operator::kShiftLeft:
    case Operator::kShiftRight:
      return bitwise(op, left, right);
    default:
      return arithmetic(op, left, right);
  }
}

Value Machine::unary(Operator op, const Value& operand) {
  if (op == Operator::kNot) return Value(!to_bool(operand));
  if (op == Operator::kBitNot) {
    if (!operand.is_int() && !operand.is_float())
      throw_error("TypeError", "Cannot perform bitwise not on " + type_name(operand));
    return Value(~to_int(operand));
  }
  return binary(Operator::kMultiply, operand, Value(op == Operator::kMinus ? -1 : 1));
}

}  // namespace assay::reference::php
