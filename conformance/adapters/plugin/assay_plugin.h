/*
 * A cache in a shared library, for Assay: assay run --target plugin:library=./store.so
 *
 * The library exports one function, assay_plugin(). Nothing of Assay is linked: what the library needs is handed to it.
 * docs/adapter-plugin.md says how it is used. This is version 1: what is here stays as it is; later versions add to the
 * ends of the two structs, whose `size` says how much of them is there.
 */
#ifndef ASSAY_PLUGIN_H
#define ASSAY_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASSAY_PLUGIN_VERSION 1

typedef struct assay_value assay_value; /* lives until the call returns that it was handed to */
typedef struct assay_reply assay_reply; /* the reply to one operation, being built */

typedef struct {
  const char* bytes; /* any bytes; not ended by a NUL */
  size_t size;
} assay_text;

typedef enum {
  ASSAY_NULL,
  ASSAY_BOOL,
  ASSAY_INTEGER,
  ASSAY_FLOAT,
  ASSAY_TEXT,
  ASSAY_ARRAY,
  ASSAY_OTHER /* an object, a reference, an enum case: encoded() and put_encoded() keep them */
} assay_type;

/* What the suite offers. */
typedef struct {
  size_t size; /* of this struct */

  /* Reading values. Of another type than asked for: 0, "" or NULL. */
  assay_type (*type)(const assay_value*);
  int64_t (*integer)(const assay_value*); /* also of a bool */
  double (*floating)(const assay_value*);
  assay_text (*text)(const assay_value*);
  size_t (*count)(const assay_value*);                         /* elements of an array */
  const assay_value* (*element)(const assay_value*, size_t);   /* in order, from 0 */
  const assay_value* (*key)(const assay_value*, size_t);       /* its key: an integer or a text */
  const assay_value* (*find)(const assay_value*, const char*); /* the element under that text, or NULL */
  assay_text (*encoded)(const assay_value*);                   /* the whole value as bytes, to be stored as they are */

  /* Building the reply: one value, or one of the last two. An array: begin_array, then for each element its key and its
     value, then end_array. */
  void (*put_null)(assay_reply*);
  void (*put_bool)(assay_reply*, int);
  void (*put_integer)(assay_reply*, int64_t);
  void (*put_float)(assay_reply*, double);
  void (*put_text)(assay_reply*, const char* bytes, size_t size);
  void (*begin_array)(assay_reply*);
  void (*put_key)(assay_reply*, const char* bytes, size_t size); /* "5" becomes the integer 5, as in PHP */
  void (*end_array)(assay_reply*);
  void (*put_value)(assay_reply*, const assay_value*);
  void (*put_encoded)(assay_reply*, const char* bytes, size_t size);
  void (*throw_error)(assay_reply*, const char* class_name, const char* message);
  void (*unsupported)(assay_reply*, const char* why);
} assay_host;

/* What the library is. Texts and lists live as long as the library. */
typedef struct {
  size_t size; /* of this struct: sizeof(assay_plugin_info) */
  int version; /* ASSAY_PLUGIN_VERSION */
  const char* name;
  const char* implementation; /* its version, for reports */
  const char* const*
      features; /* ended by NULL: "static_cache", "static_cache.volatile", ... What workers, clock, kills and
                                  points need is claimed by the suite. */
  const char* const* choices; /* name, value, name, value, ..., NULL; or NULL */

  /* In one process, before the workers are forked: makes what they share. `ini` is an array of texts by name. `folder` is for
     files of its own. Returns whatever perform() is to be given, or NULL and a reason in `error`. */
  void* (*start)(const assay_host* host, const assay_value* ini, const char* folder, char* error, size_t error_size);

  /* In a worker: one operation, with its parameters by name. An operation that it does not know: host->unsupported(). */
  void (*perform)(void* cache, const char* operation, const assay_value* parameters, assay_reply* reply);

  /* Optional (NULL): in each worker before and after a request; in the first process when all workers are gone. */
  void (*begin_request)(void* cache);
  void (*end_request)(void* cache);
  void (*stop)(void* cache);
} assay_plugin_info;

const assay_plugin_info* assay_plugin(void);

#ifdef __cplusplus
}
#endif

#endif
