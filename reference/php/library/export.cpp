#include "reference/php/library/export.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "reference/php/interpreter/shadowed_names.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

namespace {

constexpr int kMostLevels = 200;

template <typename Visit>
void each_element(const Array& array, Visit visit) {
  for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) visit(array.at(at));
}

std::string spaces(int count) {
  return std::string(static_cast<std::size_t>(count), ' ');
}

std::string exact_float(double number) {
  std::string text = format_float_exact(number);
  if (std::isfinite(number) && text.find_first_of(".E") == std::string::npos) text += ".0";
  return text;
}

// One printing of one value.
class Printer {
 public:
  explicit Printer(Machine& machine) : machine_(machine) {}
  std::string take() { return std::move(out_); }

  void export_value(const Value& slot, int indent);
  void print_value(const Value& slot, int indent);
  void dump_value(const Value& slot, int indent);
  void json_value(const Value& slot);

 private:
  bool enter() {
    machine_.charge(1);
    machine_.check_stack();
    machine_.bound_size(out_.size());
    if (depth_ >= kMostLevels) {
      out_ += "*RECURSION*";
      return false;
    }
    ++depth_;
    return true;
  }
  void leave() { --depth_; }

  void export_array(const Array& array, int indent);
  void export_object(const Object& object, int indent);
  void json_array(const Array& array);
  void json_string(const std::string& text);
  std::string visibility(const Object& object, const std::string& key, bool dump);

  Machine& machine_;
  std::string out_;
  int depth_ = 0;
};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (char byte : text) {
    if (byte == '\'' || byte == '\\') out += '\\';
    if (byte == '\0') {
      out += "' . \"\\0\" . '";
    } else {
      out += byte;
    }
  }
  return out + "'";
}

void Printer::export_array(const Array& array, int indent) {
  out_ += "array (\n";
  each_element(array, [&](const Array::Element& element) {
    out_ += spaces(indent + 2);
    out_ += element.key.is_int() ? std::to_string(element.key.as_int()) : quoted(element.key.as_string());
    out_ += " => ";
    const Value& value = element.value.resolve();
    if (value.is_array() || (value.is_object() && value.as_object()->kind != ObjectKind::enum_case))
      out_ += "\n" + spaces(indent + 2);
    export_value(value, indent + 2);
    out_ += ",\n";
  });
  out_ += spaces(indent) + ")";
}

void Printer::export_object(const Object& object, int indent) {
  if (object.kind == ObjectKind::enum_case) {
    const Value* name = object.properties.find(ArrayKey::verbatim("name"));
    out_ += "\\" + object.class_name + "::" + (name == nullptr ? "" : to_string(*name));
    return;
  }
  const bool plain = object.class_name == "stdClass";
  out_ += plain ? "(object) array(\n" : "\\" + object.class_name + "::__set_state(array(\n";
  each_element(object.properties, [&](const Array::Element& element) {
    out_ += spaces(indent + (plain ? 2 : 3)) + quoted(std::string(plain_name(element.key.as_string()))) + " => ";
    const Value& value = element.value.resolve();
    if (value.is_array() || value.is_object()) out_ += "\n" + spaces(indent + 2);
    export_value(value, indent + 2);
    out_ += ",\n";
  });
  out_ += spaces(indent) + (plain ? ")" : "))");
}

void Printer::export_value(const Value& slot, int indent) {
  const Value& value = slot.resolve();
  if (!enter()) return;
  switch (value.type()) {
    case ValueType::null:
      out_ += "NULL";
      break;
    case ValueType::boolean:
      out_ += value.as_bool() ? "true" : "false";
      break;
    case ValueType::integer:
      out_ += value.as_int() == INT64_MIN ? "-9223372036854775807-1" : std::to_string(value.as_int());
      break;
    case ValueType::real:
      out_ += exact_float(value.as_float());
      break;
    case ValueType::string:
      out_ += quoted(value.as_string());
      break;
    case ValueType::array:
      export_array(value.as_array(), indent);
      break;
    default:
      export_object(*value.as_object(), indent);
  }
  leave();
}

// "protected" or "private" of a declared property, in the words of print_r or var_dump.
std::string Printer::visibility(const Object& object, const std::string& key, bool dump) {
  RuntimeClass& type = machine_.class_of(object);
  for (const InstanceProperty& each : type.properties) {
    if (type.key_of(each) != key) continue;
    if (each.data->flags & kProtected) return ":protected";
    if (each.data->flags & kPrivate)
      return dump ? ":\"" + each.owner->name + "\":private" : ":" + each.owner->name + ":private";
  }
  return "";
}

void Printer::print_value(const Value& slot, int indent) {
  const Value& value = slot.resolve();
  if (!value.is_array() && !value.is_object()) {
    out_ += machine_.text_of(value);
    return;
  }
  if (!enter()) return;
  const bool object = value.is_object();
  out_ +=
      object ? type_name(value) + (value.as_object()->kind == ObjectKind::enum_case ? " Enum" : " Object") : "Array";
  out_ += "\n" + spaces(indent) + "(\n";
  each_element(object ? value.as_object()->properties : value.as_array(), [&](const Array::Element& element) {
    const std::string key = to_string(element.key.to_value());
    out_ += spaces(indent + 4) + "[" + (object ? std::string(plain_name(key)) : key);
    if (object) out_ += visibility(*value.as_object(), element.key.as_string(), false);
    out_ += "] => ";
    print_value(element.value, indent + 8);
    out_ += "\n";
  });
  out_ += spaces(indent) + ")\n";
  leave();
}

void Printer::dump_value(const Value& slot, int indent) {
  const Value& value = slot.resolve();
  if (!enter()) return;
  out_ += spaces(indent);
  if (slot.is_reference() && slot.as_reference().use_count() > 1) out_ += "&";
  switch (value.type()) {
    case ValueType::null:
      out_ += "NULL\n";
      break;
    case ValueType::boolean:
      out_ += value.as_bool() ? "bool(true)\n" : "bool(false)\n";
      break;
    case ValueType::integer:
      out_ += "int(" + std::to_string(value.as_int()) + ")\n";
      break;
    case ValueType::real:
      out_ += "float(" + format_float_exact(value.as_float()) + ")\n";
      break;
    case ValueType::string:
      out_ += "string(" + std::to_string(value.as_string().size()) + ") \"" + value.as_string() + "\"\n";
      break;
    default: {
      const bool object = value.is_object();
      if (object && value.as_object()->kind == ObjectKind::enum_case) {
        out_ += "enum(" + value.as_object()->class_name +
                "::" + to_string(*value.as_object()->properties.find(ArrayKey::verbatim("name"))) + ")\n";
        break;
      }
      const Array& array = object ? value.as_object()->properties : value.as_array();
      out_ += object ? "object(" + type_name(value) + ")#" + std::to_string(value.as_object()->id) + " (" : "array(";
      out_ += std::to_string(array.size()) + ") {\n";
      each_element(array, [&](const Array::Element& element) {
        out_ += spaces(indent + 2) + "[";
        if (element.key.is_int()) {
          out_ += std::to_string(element.key.as_int());
        } else {
          const std::string& key = element.key.as_string();
          out_ += "\"" + (object ? std::string(plain_name(key)) : key) + "\"";
        }
        if (object) out_ += visibility(*value.as_object(), element.key.as_string(), true);
        out_ += "]=>\n";
        dump_value(element.value, indent + 2);
      });
      out_ += spaces(indent) + "}\n";
    }
  }
  leave();
}

void Printer::json_string(const std::string& text) {
  out_ += '"';
  for (char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    static constexpr std::string_view kFrom = "\"\\/\b\f\n\r\t";
    static constexpr std::string_view kTo = "\"\\/bfnrt";
    if (const std::size_t which = kFrom.find(byte); which != std::string_view::npos) {
      out_ += '\\';
      out_ += kTo[which];
    } else if (code < 0x20) {
      std::array<char, 8> buffer{};
      std::snprintf(buffer.data(), buffer.size(), "\\u%04x", code);
      out_ += buffer.data();
    } else {
      out_ += byte;
    }
  }
  out_ += '"';
}

void Printer::json_array(const Array& array) {
  const bool list = array.is_list();
  out_ += list ? "[" : "{";
  bool first = true;
  each_element(array, [&](const Array::Element& element) {
    if (!first) out_ += ",";
    first = false;
    if (!list) {
      json_string(to_string(element.key.to_value()));
      out_ += ":";
    }
    json_value(element.value);
  });
  out_ += list ? "]" : "}";
}

void Printer::json_value(const Value& slot) {
  const Value& value = slot.resolve();
  if (!enter()) return;
  switch (value.type()) {
    case ValueType::null:
      out_ += "null";
      break;
    case ValueType::boolean:
      out_ += value.as_bool() ? "true" : "false";
      break;
    case ValueType::integer:
      out_ += std::to_string(value.as_int());
      break;
    case ValueType::real: {
      out_ += format_float_exact(value.as_float());
      break;
    }
    case ValueType::string:
      json_string(value.as_string());
      break;
    case ValueType::array:
      json_array(value.as_array());
      break;
    default: {
      RuntimeClass& type = machine_.class_of(*value.as_object());
      Array visible;
      each_element(value.as_object()->properties, [&](const Array::Element& element) {
        const std::string& key = element.key.as_string();
        const PropertyData* data = type.find_property(key);
        const bool is_public = data == nullptr || !(data->flags & (kPrivate | kProtected));
        if (is_public && shadowed_class(key).empty()) visible.set(element.key, element.value);
      });
      if (visible.empty()) {
        out_ += "{}";
      } else {
        json_array(visible);
      }
    }
  }
  leave();
}

}  // namespace

std::string var_export(const Value& value, Machine& machine) {
  Printer printer(machine);
  printer.export_value(value, 0);
  return printer.take();
}

std::string print_r(const Value& value, Machine& machine) {
  Printer printer(machine);
  printer.print_value(value, 0);
  return printer.take();
}

std::string var_dump(const Value& value, Machine& machine) {
  Printer printer(machine);
  printer.dump_value(value, 0);
  return printer.take();
}

std::string json_encode(const Value& value, Machine& machine) {
  Printer printer(machine);
  printer.json_value(value);
  return printer.take();
}

}  // namespace assay::reference::php
