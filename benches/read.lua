-- What `cargo xtask bench read` drives wrk with. The environment says what to
-- ask: BENCH_PATHS, paths with a space between them, taken in turn; BENCH_TOKEN,
-- so that it is not on the command line; BENCH_COLD, to make every request one
-- that nobody has asked before. The last line of the output is for the program.

local paths, count, token, cold = {}, 0, os.getenv("BENCH_TOKEN"), os.getenv("BENCH_COLD")
for path in os.getenv("BENCH_PATHS"):gmatch("%S+") do
  table.insert(paths, path)
end
if token then
  wrk.headers["Authorization"] = "Bearer " .. token
end

function request()
  count = count + 1
  local path = paths[count % #paths + 1]
  if cold then
    -- Matches few tasks or none, and has to look at all that the filters leave.
    path = path .. "&q=" .. string.format("%x", count)
  end
  return wrk.format("GET", path)
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"micros":%d,"p50":%d,"p99":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
