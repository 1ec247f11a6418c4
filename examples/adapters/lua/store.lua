#!/usr/bin/env lua5.3
-- A cache of values in a file, for Assay: assay run --target process:command="lua5.3 store.lua"
-- A change is a new file that is renamed over the old one, so that whoever dies has changed all or nothing; a record lock of
-- another file, which dies with its holder, lets one change after the other.
package.path = arg[0]:gsub("[^/]*$", "") .. "?.lua;" .. package.path
local json, fcntl, adapter = require "dkjson", require "posix.fcntl", require "assay_adapter"
local pairs_of, array_of, null = adapter.pairs_of, adapter.array_of, json.null
local size, scratch, locked, FOREVER = 0, nil, nil, math.maxinteger // 2

local function key_of(key)
  if math.type(key) == "integer" then key = tostring(key) end
  local text = type(key) == "table" and key["$bytes"] and "b" .. key["$bytes"] or type(key) == "string" and "t" .. key
  if not text or #text < 2 or text:find("^tpinned_static_class:") or text:find("^tvolatile_static_class:") then
    error({class = "ValueError", message = "no key: empty, reserved, or neither a text nor an integer"})
  end
  return text
end

local function element_key(key) -- PHP's arrays have integer keys for decimal texts
  local number = type(key) == "string" and key:find("^%-?%d+$") and math.tointeger(tonumber(key))
  return number and tostring(number) == key and number or key
end

local function lock(how)
  locked = locked or fcntl.open(scratch .. "/lock", fcntl.O_RDWR + fcntl.O_CREAT, 384)
  fcntl.fcntl(locked, fcntl.F_SETLKW, {l_type = how, l_whence = 0, l_start = 0, l_len = 0})
end

local function read()
  local file, entries, count, expired = io.open(scratch .. "/entries", "rb"), {}, 0, false
  local image, at = file:read("a"), 1
  file:close()
  while at <= #image do
    local key, value, ends
    key, value, ends, at = string.unpack("s4s4j", image, at)
    if ends == 0 or os.time() < ends then entries[key], count = {value, ends}, count + 1 else expired = true end
  end
  return entries, count, expired
end

local function write(entries) -- false where they do not fit: nothing has changed then
  local parts, length = {}, 0
  for key, entry in pairs(entries) do
    parts[#parts + 1] = string.pack("s4s4j", key, entry[1], entry[2])
    length = length + #parts[#parts]
  end
  if length > size then return false end
  local file = io.open(scratch .. "/entries.new", "wb")
  file:write(table.concat(parts))
  file:close()
  return os.rename(scratch .. "/entries.new", scratch .. "/entries")
end

local function change(how)
  if size == 0 then return false end
  lock(fcntl.F_WRLCK)
  local done = how(read())
  lock(fcntl.F_UNLCK)
  return done
end

local function found() -- whoever was found to be expired stays so, if the clock goes back too
  lock(fcntl.F_WRLCK)
  local entries, count, expired = read()
  if expired then write(entries) end
  lock(fcntl.F_UNLCK)
  return entries, count
end

local function store(list, ttl)
  if ttl < 0 then error({class = "ValueError", message = "the time to live must not be negative"}) end
  local keys = {}
  for i, pair in ipairs(list) do keys[i] = key_of(pair[1]) end
  return change(function(entries)
    local old = {}
    for i, pair in ipairs(list) do
      old[keys[i]] = old[keys[i]] or entries[keys[i]] or false
      entries[keys[i]] = {json.encode(pair[2]), ttl > 0 and os.time() + math.min(ttl, FOREVER) or 0}
    end
    if write(entries) then return true end
    for key, entry in pairs(old) do entries[key] = entry or nil end -- then one by one, up to the first that does not fit
    for i, pair in ipairs(list) do
      entries[keys[i]] = {json.encode(pair[2]), ttl > 0 and os.time() + math.min(ttl, FOREVER) or 0}
      if not write(entries) then return false end
    end
    return true
  end)
end

local function value_of(entry, default) if entry then return (json.decode(entry[1], 1, null)) end return default end

local operations = {}
function operations.cache_get(o)
  local key = key_of(o.key)
  if size == 0 then return false end
  return value_of(found()[key], o.default)
end
function operations.cache_get_multiple(o)
  local list, seen, result = pairs_of(o.keys), {}, {}
  for _, pair in ipairs(list) do key_of(pair[2]) end
  if size == 0 then return false end
  local entries = found()
  for _, pair in ipairs(list) do
    local key = key_of(pair[2])
    if not seen[key] then result[#result + 1] = {element_key(pair[2]), value_of(entries[key], o.default)} end
    seen[key] = true
  end
  return array_of(result)
end
function operations.cache_set(o) return store({{o.key, o.value}}, o.ttl) end
function operations.cache_set_multiple(o)
  for _, pair in ipairs(pairs_of(o.values)) do
    if math.type(pair[1]) then error({class = "ValueError", message = "keys must be strings"}) end
  end
  return store(pairs_of(o.values), o.ttl)
end
function operations.cache_has(o)
  local key = key_of(o.key)
  return size > 0 and found()[key] ~= nil
end
function operations.cache_delete_multiple(o)
  local keys = {}
  for i, pair in ipairs(pairs_of(o.keys)) do keys[i] = key_of(pair[2]) end
  return change(function(entries)
    for _, key in ipairs(keys) do entries[key] = nil end
    return write(entries)
  end)
end
function operations.cache_delete(o) return operations.cache_delete_multiple({keys = {o.key}}) end
function operations.cache_clear() return change(function() return write({}) end) end
function operations.cache_info()
  local on, count = size > 0, 0
  if on then _, count = found() end
  return array_of({{"enabled", on}, {"available", on}, {"startup_failed", false}, {"backend_initialized", on},
    {"configured_memory", size}, {"shared_memory", size}, {"entry_count", count}, {"segment_count", on and 1 or 0},
    {"shared_model", on and "file" or ""}, {"failure_reason", null}})
end

adapter.run({name = "lua-store", version = "1", interposer = true,
  features = {"static_cache", "static_cache.volatile", "static_cache.ttl", "workers", "workers.processes", "reload", "clock.virtual",
    "fault", "fault.kill"},
  choices = {evict = "refuse", sweep = "yes", compaction = "yes", ["multi-read"] = "snapshot", ["ttl-clock"] = "wall",
    ["ttl-edge"] = "exclusive", ["int-keys"] = "no", ["class-keys"] = "no", ["scalar-inline"] = "no", locks = "none"}},
  operations, function(configuration)
    size = math.tointeger(tonumber(configuration.ini["opcache.static_cache.volatile_size_mb"] or "8")) << 20
    scratch = configuration.scratch
    write({})
  end)
