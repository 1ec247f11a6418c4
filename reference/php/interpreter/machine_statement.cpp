#include <algorithm>

#include "reference/php/compiler/text.h"
#include "reference/php/interpreter/machine.h"
#include "reference/php/value/convert.h"

namespace assay::reference::php {

Machine::Flow Machine::execute_list(const List<const Node*>& list, std::size_t from) {
  for (std::size_t i = from; i < list.count; ++i) {
    const Flow flow = execute(*list[i]);
    if (context_.heap.has_departed()) destruct_departed();
    if (flow != Flow::normal) return flow;
    if (list[i]->kind == NodeKind::halt) {
      returned_ = Value(1);
      return Flow::return_;
    }
  }
  return Flow::normal;
}

Machine::Flow Machine::execute(const Node& node) {
  charge(1);
  check_stack();
  frame_->line = node.line;
  switch (node.kind) {
    case NodeKind::block:
      return execute_list(node.children);
    case NodeKind::echo:
      for (const Node* part : node.children) write(text_of(evaluate(*part)));
      return Flow::normal;
    case NodeKind::expression:
      if (node.child(0)->kind == NodeKind::assign_operator) {
        evaluate_assign(*node.child(0), false);
      } else {
        evaluate(*node.child(0));
      }
      return Flow::normal;
    case NodeKind::return_:
      returned_ = node.child(0) == nullptr ? Value() : evaluate(*node.child(0));
      return Flow::return_;
    case NodeKind::if_:
      if (to_bool(evaluate(*node.child(0)))) return execute(*node.child(1));
      return node.child(2) == nullptr ? Flow::normal : execute(*node.child(2));
    case NodeKind::while_:
      while (to_bool(evaluate(*node.child(0)))) {
        bool stop = false;
        const Flow flow = loop_end(execute(*node.child(1)), stop);
        if (stop) return flow;
      }
      return Flow::normal;
    case NodeKind::do_while:
      do {
        bool stop = false;
        const Flow flow = loop_end(execute(*node.child(0)), stop);
        if (stop) return flow;
      } while (to_bool(evaluate(*node.child(1))));
      return Flow::normal;
    case NodeKind::for_:
      return run_for(node);
    case NodeKind::foreach:
      return run_foreach(node);
    case NodeKind::switch_:
      return run_switch(node);
    case NodeKind::break_:
    case NodeKind::continue_:
      jump_levels_ = node.constant->integer;
      return node.kind == NodeKind::break_ ? Flow::break_ : Flow::continue_;
    case NodeKind::try_:
      return run_try(node);
    case NodeKind::global:
      for (const Node* each : node.children) {
        const std::string name(each->text->view());
        auto shared = context_.heap.share(context_.globals[name]);
        (*frame_->variables)[name] = Value(std::move(shared));
      }
      return Flow::normal;
    case NodeKind::static_variable:
      run_static_variable(node);
      return Flow::normal;
    case NodeKind::unset:
      for (const Node* target : node.children) unset(*target);
      return Flow::normal;
    case NodeKind::function:
      if ((node.function->flags & kHoisted) == 0 && !builtins_.is_preloaded(node.function))
        declare_function(*node.function);
      return Flow::normal;
    case NodeKind::class_: {
      // One that this run of the script declared early is not declared again when its place is reached.
      const auto* early = frame_->early;
      const bool declared = early != nullptr && std::find(early->begin(), early->end(), node.klass) != early->end();
      if (declared || builtins_.is_preloaded(node.klass)) return Flow::normal;
      (void)find_class(node.klass->name->view(), false);  // so that it is taken where it was preloaded
      declare_class(*node.klass);
      return Flow::normal;
    }
    case NodeKind::constant: {
      const std::string name(node.text->view());
      Value value = evaluate(*node.child(0));
      if (builtins_.constant(name) != nullptr || context_.constants.contains(name)) {
        warn("Constant " + name + " already defined");
      } else {
        context_.constants.emplace(name, std::move(value));
      }
      return Flow::normal;
    }
    default:
      return Flow::normal;
  }
}

// What a loop does with the end of its body: `stop` says that the loop is left, with the answered flow.
Machine::Flow Machine::loop_end(Flow flow, bool& stop) {
  if (flow == Flow::return_) {
    stop = true;
    return flow;
  }
  if (flow == Flow::normal) return flow;
  if (jump_levels_ > 1) {
    --jump_levels_;
    stop = true;
    return flow;
  }
  stop = flow == Flow::break_;
  return Flow::normal;
}

Machine::Flow Machine::run_for(const Node& node) {
  for (const Node* each : node.child(0)->children) evaluate(*each);
  for (;;) {
    bool more = true;
    for (const Node* each : node.child(1)->children) more = to_bool(evaluate(*each));
    if (!more) return Flow::normal;
    bool stop = false;
    const Flow flow = loop_end(execute(*node.child(3)), stop);
    if (stop) return flow;
    for (const Node* each : node.child(2)->children) evaluate(*each);
    charge(1);
  }
}

Machine::Flow Machine::run_foreach(const Node& node) {
  if (node.op == 1) return foreach_reference(node);
  return foreach_value(node, evaluate(*node.child(0)));
}

Machine::Flow Machine::foreach_value(const Node& node, Value subject) {
  if (is_traversable(subject)) return foreach_traversable(node, subject.as_object());
  if (subject.is_object()) {
    const auto object = subject.as_object();
    subject = Value(visible_properties(*object));
  }
  if (!subject.is_array()) {
    warn("foreach() argument must be of type array|object, " + type_name(subject) + " given");
    return Flow::normal;
  }
  // Shared storage: what the body writes goes to another copy.
  const Array& array = subject.as_array();
  for (std::size_t at = array.first(); at != array.end(); at = array.next(at)) {
    charge(1);
    assign_to(*node.child(2), array.at(at).value.resolve());
    if (node.child(1) != nullptr) assign_to(*node.child(1), array.at(at).key.to_value());
    bool stop = false;
    const Flow flow = loop_end(execute(*node.child(3)), stop);
    if (stop) return flow;
  }
  return Flow::normal;
}

Machine::Flow Machine::foreach_traversable(const Node& node, const std::shared_ptr<Object>& subject) {
  Flow end = Flow::normal;
  const Wanted wanted = node.child(1) != nullptr ? Wanted::keys_too : Wanted::values;
  traverse(subject, wanted, [&](const Value& value, const Value& key) {
    assign_to(*node.child(2), value);
    if (node.child(1) != nullptr) assign_to(*node.child(1), key);
    bool stop = false;
    const Flow flow = loop_end(execute(*node.child(3)), stop);
    if (stop) end = flow;
    return !stop;
  });
  return end;
}

Machine::Flow Machine::foreach_reference(const Node& node) {
  const NodeKind kind = node.child(0)->kind;
  const bool writable = kind == NodeKind::variable || kind == NodeKind::index || kind == NodeKind::property ||
                        kind == NodeKind::static_property;
  const auto refuse = [&](const Value& subject) {
    if (!is_traversable(subject)) return;
    if (array_behind(*subject.as_object(), "getarraycopy") != nullptr)
      fatal("References to the elements of an array object are not part of the script subset");
    throw_error("Error", "An iterator cannot be used with foreach by reference");
  };
  if (!writable) {
    const Value subject = evaluate(*node.child(0));
    refuse(subject);
    return foreach_value(node, subject);
  }
  // The subject as a reference: the body may assign to the variable itself.
  const auto subject = share(locate(*node.child(0)));
  refuse(subject->value);
  if (!subject->value.is_array()) return foreach_value(node, subject->value);
  for (std::size_t position = 0; subject->value.is_array(); ++position) {
    charge(1);
    Array& array = subject->value.mutable_array();
    if (position >= array.end()) break;
    if (!array.at(position).live) continue;
    const Value key = array.at(position).key.to_value();
    Value element(context_.heap.share(array.value_at(position)));
    const Node& target = *node.child(2);
    if (target.kind == NodeKind::variable) {
      (*frame_->variables)[std::string(target.text->view())] = std::move(element);
    } else {
      assign_to(target, element.resolve());
    }
    if (node.child(1) != nullptr) assign_to(*node.child(1), key);
    bool stop = false;
    const Flow flow = loop_end(execute(*node.child(3)), stop);
    wrote(Value(subject), StaticsKeeper::Write::element);
    if (stop) return flow;
  }
  return Flow::normal;
}

Machine::Flow Machine::run_switch(const Node& node) {
  const Value subject = evaluate(*node.child(0));
  std::size_t start = 0;
  for (std::size_t i = 1; i < node.children.count && start == 0; ++i) {
    const Node* condition = node.child(i)->child(0);
    if (condition != nullptr && loosely_equal(subject, evaluate(*condition))) start = i;
  }
  for (std::size_t i = 1; i < node.children.count && start == 0; ++i) {
    if (node.child(i)->child(0) == nullptr) start = i;
  }
  for (std::size_t i = start; start != 0 && i < node.children.count; ++i) {
    const Flow flow = execute_list(node.child(i)->children, 1);
    if (flow == Flow::normal) continue;
    bool stop = false;
    const Flow left = loop_end(flow, stop);
    // In a switch, continue is break.
    return stop ? left : Flow::normal;
  }
  return Flow::normal;
}

bool Machine::run_catches(const Node& node, const std::shared_ptr<Object>& object, Flow& flow) {
  for (std::size_t i = 2; i < node.children.count; ++i) {
    const Node& each = *node.child(i);
    for (std::size_t j = 1; j < each.children.count; ++j) {
      if (!instance_of(*object, each.child(j)->text->view())) continue;
      if (each.text != nullptr) variable_slot(std::string(each.text->view())) = Value(object);
      flow = execute(*each.child(0));
      return true;
    }
  }
  return false;
}

Machine::Flow Machine::run_try(const Node& node) {
  const Node* last = node.child(1);
  Frame* const here = frame_;
  const int silenced = silenced_;
  Flow flow = Flow::normal;
  std::shared_ptr<Object> pending;
  auto attempt = [&](auto&& body) {
    try {
      body();
    } catch (const Thrown& thrown) {
      pending = thrown.object;
      frame_ = here;
      silenced_ = silenced;
    }
  };
  attempt([&] { flow = execute(*node.child(0)); });
  if (pending) {
    const auto caught = std::move(pending);
    pending = nullptr;
    attempt([&] {
      if (!run_catches(node, caught, flow)) pending = caught;
    });
  }
  if (last != nullptr) {
    // The final block may overwrite what try returned; if it ends normally that return stands.
    Value returned = std::move(returned_);
    const std::int64_t levels = jump_levels_;
    const Flow last_flow = execute(*last);
    if (last_flow != Flow::normal) return last_flow;
    returned_ = std::move(returned);
    jump_levels_ = levels;
  }
  if (pending) throw Thrown{pending};
  return flow;
}

void Machine::run_static_variable(const Node& node) {
  const std::string name(node.text->view());
  auto& cell = (*frame_->statics)[name];
  if (!cell) {
    cell = context_.heap.new_reference(Value());
    initialise_variable(node, name, cell);
  }
  (*frame_->variables)[name] = Value(cell);
}

// Only those of methods may be kept: not those of functions, closures, and files included in a method (ST-ATT-02).
void Machine::initialise_variable(const Node& node, const std::string& name, const std::shared_ptr<Reference>& cell) {
  StaticsKeeper* keeper = frame_->scope != nullptr ? context_.statics_keeper : nullptr;
  if (keeper != nullptr) {
    const auto own = context_.statics.find({frame_->function, frame_->scope});
    if (own == context_.statics.end() || &own->second != frame_->statics) keeper = nullptr;
  }
  if (keeper != nullptr) {
    const std::string member = lower(frame_->function->name->view()) + "()::$" + name;
    if (keeper->load(*this, {*frame_->scope, frame_->function->attributes, member, cell})) return;
  }
  if (node.child(0) != nullptr) {
    Value initial = evaluate(*node.child(0));
    cell->value = std::move(initial);
  }
  if (keeper != nullptr) keeper->initialised(*this, *cell);
}

}  // namespace assay::reference::php
