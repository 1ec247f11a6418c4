-- The process protocol of Assay (docs/adapter-protocol.md) for a store written in Lua: copy it beside yours.
--   adapter.run(hello, operations, prepare)
-- `prepare` makes from the configuration what the workers share; then each is forked. An operation calls the function of its
-- name with its parameters; what that returns is the reply, and error({class = ..., message = ...}) is what PHP would throw.
local json, unistd = require "dkjson", require "posix.unistd"
local poll, wait, signal = require "posix.poll", require "posix.sys.wait", require "posix.signal"
local null, adapter = json.null, {}
function adapter.pairs_of(array) -- {{key, value}, ...}
  if array["$array"] then return array["$array"] end
  local list = {}
  for i, value in ipairs(array) do list[i] = {i - 1, value} end
  return list
end
function adapter.array_of(list)
  local values = setmetatable({}, {__jsontype = "array"})
  for i, pair in ipairs(list) do
    if pair[1] ~= i - 1 then return {["$array"] = setmetatable(list, {__jsontype = "array"})} end
    values[i] = pair[2]
  end
  return values
end

local own = {process_id = function() return unistd.getpid() end, time = function() return os.time() end}

local function reply(operations, operation)
  local perform = operations[operation.op] or own[operation.op]
  if not perform then return {unsupported = "this store has no " .. operation.op} end
  local done, value = pcall(perform, operation)
  if done then return {value = value} end
  return {thrown = type(value) == "table" and value or {class = "Error", message = tostring(value)}}
end

local workers, configuration, operations, prepare, hello = {}
local function write_all(to, text)
  local done = 1
  while done <= #text do done = done + (unistd.write(to, text:sub(done, done + 65535)) or error("nobody reads")) end
end
local function say(id, message)
  message.id = id
  write_all(1, json.encode(message) .. "\n")
end
local function lines_of(buffer, chunk) -- takes whole lines out of what has come
  local lines, from = {}, 1
  buffer[#buffer + 1] = chunk
  if not chunk:find("\n", 1, true) then return lines end
  local text = table.concat(buffer)
  for at in text:gmatch("()\n") do lines[#lines + 1], from = text:sub(from, at - 1), at + 1 end
  for i = #buffer, 1, -1 do buffer[i] = i == 1 and text:sub(from) or nil end
  return lines
end

local function begin(number)
  local requests, to = unistd.pipe()
  local from, replies = unistd.pipe()
  local process = unistd.fork()
  if process == 0 then
    unistd.close(to)
    local buffer = {}
    while true do
      local chunk = unistd.read(requests, 65536)
      if not chunk or chunk == "" then unistd._exit(0) end
      for _, line in ipairs(lines_of(buffer, chunk)) do
        local message, answers = json.decode(line, 1, null), setmetatable({}, {__jsontype = "array"})
        for i, operation in ipairs(message.operations) do answers[i] = reply(operations, operation) end
        write_all(replies, json.encode({id = message.id, replies = answers}) .. "\n")
      end
    end
  end
  unistd.close(requests); unistd.close(replies)
  workers[number] = {process = process, to = to, from = from}
  return process
end

local function stop(number)
  local worker = workers[number]
  if not worker then return end
  workers[number] = nil
  signal.kill(worker.process, signal.SIGKILL)
  unistd.close(worker.to); unistd.close(worker.from)
  wait.wait(worker.process)
end

local function start()
  prepare(configuration)
  local processes, number = setmetatable({}, {__jsontype = "array"}), 0
  for _, pool in ipairs(configuration.pools) do
    for _ = 1, pool.workers do processes[#processes + 1], number = begin(number), number + 1 end
  end
  return {workers = processes}
end

local function take(line)
  local message = json.decode(line, 1, null)
  if message["end"] then os.exit(0) end
  if message.operations then
    local worker = workers[message.worker]
    if not worker then return say(message.id, {died = "the worker ended before"}) end
    worker.busy = message.id
    pcall(write_all, worker.to, line .. "\n")
  elseif message.hello then
    say(message.id, {hello = hello})
  elseif message.start then
    configuration = message.start
    say(message.id, start())
  elseif message.replace then
    stop(message.replace)
    say(message.id, {workers = {begin(message.replace)}})
  elseif message.reload then
    for number in pairs(workers) do stop(number) end
    say(message.id, start())
  else
    say(message.id, {error = "this adapter does not know such a message"})
  end
end

local function serve(input)
  while true do
    local descriptors = {[0] = {events = {IN = true}}}
    for _, worker in pairs(workers) do descriptors[worker.from] = {events = {IN = true}} end
    poll.poll(descriptors, -1)
    for number, worker in pairs(workers) do
      local ready = descriptors[worker.from].revents
      if ready and (ready.IN or ready.HUP) then
        local chunk = unistd.read(worker.from, 65536)
        if not chunk or chunk == "" then
          stop(number)
          if worker.busy then say(worker.busy, {died = "process " .. worker.process .. " ended"}) end
          break
        end
        for _, line in ipairs(lines_of(worker, chunk)) do
          worker.busy = nil
          write_all(1, line .. "\n")
        end
      end
    end
    if descriptors[0].revents.IN or descriptors[0].revents.HUP then
      local chunk = unistd.read(0, 65536)
      if not chunk or chunk == "" then return end
      for _, line in ipairs(lines_of(input, chunk)) do take(line) end
    end
  end
end

function adapter.run(description, its_operations, its_prepare)
  description.protocol, hello, operations, prepare = 1, description, its_operations, its_prepare
  signal.signal(signal.SIGPIPE, signal.SIG_IGN)
  serve({})
end

return adapter
