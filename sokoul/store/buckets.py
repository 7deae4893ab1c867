"""Rate limits that several processes share: leaky buckets in Redis, one script, one atomic step."""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from sokoul.domain.errors import Unavailable
from sokoul.domain.pace import Bucket, Verdict

# The server's clock is the only one, so that clocks of machines need not agree. Times in microseconds.
# It mirrors `domain.pace.judge`; the contract test holds both to the same answers.
_SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local answer, after, passed = {}, {}, true
for i, key in ipairs(KEYS) do
  local most, span, cost = tonumber(ARGV[i*3-2]), tonumber(ARGV[i*3-1]) * 1000, tonumber(ARGV[i*3])
  local interval = span / most
  local base = math.max(tonumber(redis.call('GET', key) or '0'), now)
  local wait = base + interval * math.max(cost, 1) - span - now
  local ok = wait <= 0.5
  after[i] = ok and base + interval * cost or base
  passed = passed and ok
  local remaining = math.max(0, math.floor((span - (after[i] - now)) / interval + 0.000001))
  answer[i] = {ok and 1 or 0, remaining, math.ceil(math.max(0, wait)), math.ceil(after[i] - now)}
end
if passed then
  for i, key in ipairs(KEYS) do
    if tonumber(ARGV[i*3]) > 0 then
      redis.call('SET', key, string.format('%.0f', after[i]), 'PX', math.ceil((after[i] - now) / 1000) + 1)
    end
  end
end
return answer
"""


class RedisBuckets:
    """Buckets by key under `limit:`."""

    def __init__(self, redis: Redis) -> None:
        self._script = redis.register_script(_SCRIPT)

    async def take(self, buckets: Sequence[Bucket]) -> list[Verdict]:
        """From all, or from none when one is empty; raises `Unavailable`."""
        keys = ["limit:" + bucket.key for bucket in buckets]
        values = [
            value for bucket in buckets for value in (bucket.most, round(bucket.seconds * 1000), bucket.cost)
        ]
        try:
            answer = await self._script(keys=keys, args=values)
        except (RedisError, OSError, TimeoutError) as err:
            raise Unavailable("Redis does not answer") from err
        return [
            Verdict(bool(passed), bucket.most, int(remaining), wait / 1e6, full / 1e6)
            for bucket, (passed, remaining, wait, full) in zip(buckets, answer, strict=True)
        ]
