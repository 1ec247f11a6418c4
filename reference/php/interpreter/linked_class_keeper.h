#pragma once

#include "reference/php/compiler/linked_class.h"

namespace assay::reference::php {

// Who keeps linked classes from one request to the next (SC-PER-10). The interpreter asks for each class that was not
// complete when its file was stored. Belongs to the worker, serves one request at a time.
class LinkedClassKeeper {
 public:
  virtual ~LinkedClassKeeper() = default;
  // The class as it was linked to exactly these bases; nullptr: nobody kept it. Stays until the request ends.
  virtual const LinkedClass* find(const ClassData& type, const List<const ClassData*>& ancestry) = 0;
  // Whether a part of a graph stands where other requests, of other workers too, find it.
  virtual bool lasts(const void* data) const = 0;
  // Copies it, or does not where there is no room, or somebody writes at the moment.
  virtual void keep(const LinkedClass& linked) = 0;
};

}  // namespace assay::reference::php
