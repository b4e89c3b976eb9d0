"""The steps that Redis takes as a whole, in Lua: nobody sees, and no crash leaves, half of one.

KEYS[1] is the prefix of the letter box or the one key; see `store` for what stands where.
"""

FILE = """
local p, q = KEYS[1], cjson.decode(ARGV[1])
local before = redis.call('GET', p .. 'once:' .. q.token)
if before then
  redis.call('EXPIRE', p .. 'once:' .. q.token, q.keep)
  return {'again', before}
end
local letter = p .. 'letter:' .. q.number
if redis.call('EXISTS', letter) == 1 then return {'taken'} end
for _, limit in ipairs(q.limits) do
  local key = p .. 'limit:' .. limit.kind .. ':' .. limit.subject
  for _, step in ipairs(limit.steps) do
    local window = step[2] * 1000
    if redis.call('ZCOUNT', key, string.format('(%.0f', q.ms - window), '+inf') >= step[1] then
      local nth = redis.call('ZREVRANGE', key, step[1] - 1, step[1] - 1, 'WITHSCORES')
      return {'many', limit.kind, string.format('%.0f', tonumber(nth[2]) + window)}
    end
  end
end
for _, limit in ipairs(q.limits) do
  local key = p .. 'limit:' .. limit.kind .. ':' .. limit.subject
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', q.ms - limit.longest * 1000))
  redis.call('ZADD', key, string.format('%.0f', q.ms), q.token)
  redis.call('EXPIRE', key, limit.longest)
end
for i = 2, #ARGV do redis.call('RPUSH', letter, ARGV[i]) end
redis.call('ZADD', p .. 'filed', q.second, q.number)
redis.call('ZADD', p .. 'worded', q.second, q.number)
redis.call('SADD', p .. 'live', q.number)
if q.telephone ~= '' then redis.call('ZADD', p .. 'telephone:' .. q.telephone, q.second, q.number) end
if q.box ~= '' then redis.call('ZADD', p .. 'box:' .. q.box, q.second, q.number) end
if q.unit ~= '' then redis.call('ZADD', p .. 'unit:' .. q.unit, q.second, q.number) end
for _, parcel in ipairs(q.parcels) do redis.call('ZADD', p .. 'outbox:' .. parcel[1], q.second, parcel[2]) end
redis.call('SET', p .. 'once:' .. q.token, q.number, 'EX', q.keep)
return {'filed', q.number}
"""
"""A letter with all that belongs to it, or nothing: used tokens and limits are looked at in the same step."""

APPEND = """
local p, q = KEYS[1], cjson.decode(ARGV[1])
local once = p .. 'once:' .. q.once
if redis.call('EXISTS', once) == 1 then
  redis.call('EXPIRE', once, q.keep)
  return {'again'}
end
local letter = p .. 'letter:' .. q.number
if redis.call('LLEN', letter) ~= q.version + 1 then return {'changed'} end
for i = 2, #ARGV do redis.call('RPUSH', letter, ARGV[i]) end
if q.live then redis.call('SADD', p .. 'live', q.number) else redis.call('SREM', p .. 'live', q.number) end
for _, unit in ipairs(q.units) do redis.call('ZADD', p .. 'unit:' .. unit, q.filed, q.number) end
for _, parcel in ipairs(q.parcels) do redis.call('ZADD', p .. 'outbox:' .. parcel[1], q.second, parcel[2]) end
for _, parcel in ipairs(q.done) do
  redis.call('ZREM', p .. 'outbox:' .. parcel[1], parcel[2])
  redis.call('HDEL', p .. 'tries:' .. parcel[1], parcel[2])
end
if q.public_id ~= '' then
  if q.public_day > 0 then
    redis.call('ZADD', p .. 'public', q.public_day, q.number)
    redis.call('HSET', p .. 'publics', q.public_id, q.number)
  else
    redis.call('ZREM', p .. 'public', q.number)
    redis.call('HDEL', p .. 'publics', q.public_id)
  end
end
if q.remote ~= '' then redis.call('HSET', p .. 'remotes', q.remote, q.number) end
redis.call('SET', once, q.number, 'EX', q.keep)
return {'done'}
"""
"""Events to a letter that is still as it was read."""

ERASE = """
local p, q = KEYS[1], cjson.decode(ARGV[1])
local letter = p .. 'letter:' .. q.number
if redis.call('LLEN', letter) ~= q.version + 1 then return {'changed'} end
redis.call('DEL', letter)
for i = 2, #ARGV do redis.call('RPUSH', letter, ARGV[i]) end
redis.call('ZREM', p .. 'telephone:' .. q.telephone, q.number)
redis.call('ZREM', p .. 'worded', q.number)
redis.call('ZREM', p .. 'public', q.number)
redis.call('HDEL', p .. 'publics', q.public_id)
return {'done'}
"""
"""A letter without its words in the place of one with them."""

CLAIM = """
local key = KEYS[1] .. 'outbox:' .. ARGV[1]
local taken = {}
for _, entry in ipairs(redis.call('ZRANGEBYSCORE', key, '-inf', ARGV[2], 'LIMIT', 0, ARGV[4])) do
  local number, index = entry:match('(%d+):(%d+)')
  local first = true
  for before = 0, index - 1 do
    if redis.call('ZSCORE', key, number .. ':' .. before) then first = false end
  end
  if first then
    redis.call('ZADD', key, ARGV[3], entry)
    taken[#taken + 1] = entry
  else
    redis.call('ZADD', key, ARGV[2] + 5, entry)
  end
end
return taken
"""
"""Entries of an outbox for one courier; of one letter the earliest alone."""

DRAFT = """
local now = redis.call('GET', KEYS[1])
if (now or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
"""
"""A draft that is still as it was read."""

TRY = """
local tries = redis.call('INCR', KEYS[1])
if tries == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return tries
"""
"""One more try; the first begins the time after which all are forgotten."""

TAKE_BACK = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 1
"""
"""One try less, never below none."""
