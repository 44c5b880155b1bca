-- wrk: send the requests of a file in turn; write latencies in milliseconds as JSON.
-- Arguments: file of requests, file for the answer, "once" or "again".

local requests, threads, place, again = {}, {}, 0, true

function init(args)
  local file = assert(io.open(args[1], "rb"))
  local text = file:read("*a")
  file:close()
  again, answer_file = args[3] ~= "once", args[2]
  for line in text:gmatch("[^\30]+") do
    local fields = {}
    for field in (line .. "\31"):gmatch("(.-)\31") do fields[#fields + 1] = field end
    local headers = {["Host"] = wrk.headers["Host"]}
    for i = 4, #fields do
      local name, value = fields[i]:match("^(.-): (.*)$")
      headers[name] = value
    end
    local body = fields[3] ~= "" and fields[3] or nil
    requests[#requests + 1] = wrk.format(fields[1], fields[2], headers, body)
  end
end

local checked = false

function request()
  if not checked then -- wrk looks at one request before it starts, and does not send it
    checked = true
    return requests[1]
  end
  place = place + 1
  if place > #requests then
    if not again then wrk.thread:stop() end
    place = 1
  end
  return requests[place]
end

function setup(thread)
  threads[#threads + 1] = thread
end

function done(summary, latency, _)
  local file = assert(io.open(threads[1]:get("answer_file"), "w"))
  local e = summary.errors
  file:write(string.format(
    '{"answers": %d, "failed": %d, "seconds": %f, "mean": %f, "p50": %f, "p95": %f, "p99": %f}',
    summary.requests, e.status + e.connect + e.read + e.write + e.timeout, summary.duration / 1e6,
    latency.mean / 1000, latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
  file:close()
end
