-- What `cargo xtask bench read` drives wrk with. The environment says what to
-- ask. BENCH_PATHS: paths with a space between them, taken in turn. BENCH_TOKEN,
-- so that it is not on the command line. BENCH_FRESH=lists: lists of tasks, each
-- asked once; BENCH_FRESH=searches: the paths, each time with another search.
-- The last line of the output is for the program.

local fresh = os.getenv("BENCH_FRESH")
local sorts = { "-updated_at", "updated_at", "-created_at", "created_at", "due_on",
  "-due_on", "-completed_at", "priority", "-priority", "title" }
local statuses = { "todo", "in_progress", "blocked", "done", "cancelled" }
local overdue = { "", "&overdue=true", "&overdue=false" }
-- How many lists there are: limits, orders, sets of statuses, overdue or not.
local LISTS = 11 * 10 * 31 * 3
local paths, count, token = {}, 0, os.getenv("BENCH_TOKEN")
for path in os.getenv("BENCH_PATHS"):gmatch("%S+") do
  table.insert(paths, path)
end
if token then
  wrk.headers["Authorization"] = "Bearer " .. token
end

-- Every list comes once before one comes again; the stride mixes them.
local function list(number)
  number = number * 7919 % LISTS
  local function take(size)
    local digit = number % size
    number = (number - digit) / size
    return digit
  end
  local limit, sort, set, late = 45 + take(11), take(10) + 1, take(31) + 1, take(3) + 1
  local wanted = {}
  for place, status in ipairs(statuses) do
    if math.floor(set / 2 ^ (place - 1)) % 2 == 1 then
      table.insert(wanted, status)
    end
  end
  return "/v1/embed/tasks?limit=" .. limit .. "&sort=" .. sorts[sort]
    .. "&status=" .. table.concat(wanted, ",") .. overdue[late]
end

function request()
  count = count + 1
  if fresh == "lists" then
    return wrk.format("GET", list(count))
  end
  local path = paths[count % #paths + 1]
  if fresh == "searches" then
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
