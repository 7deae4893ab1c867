-- name: add_asks
INSERT INTO provider_asks (provider, at, outcome, took_ms, results, error, cure)
SELECT * FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::text[]);

-- name: cut_asks
-- Only the last ones of each source are kept whole.
DELETE FROM provider_asks USING (
    SELECT name, (
        SELECT id FROM provider_asks WHERE provider = name ORDER BY id DESC OFFSET $2 LIMIT 1
    ) AS oldest
    FROM unnest($1::text[]) AS name
) AS cut
WHERE provider = cut.name AND id <= cut.oldest;

-- name: add_hour
-- Several processes count into the same hour.
INSERT INTO provider_hours AS kept (provider, hour, asked, ok, failed, timeout, results, times)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (provider, hour) DO UPDATE SET
    asked = kept.asked + EXCLUDED.asked,
    ok = kept.ok + EXCLUDED.ok,
    failed = kept.failed + EXCLUDED.failed,
    timeout = kept.timeout + EXCLUDED.timeout,
    results = kept.results + EXCLUDED.results,
    times = (
        SELECT array_agg(coalesce(a, 0) + coalesce(b, 0) ORDER BY place)
        FROM unnest(kept.times, EXCLUDED.times) WITH ORDINALITY AS pairs (a, b, place)
    );

-- name: put_state
-- What another process wrote later stays.
INSERT INTO provider_states AS kept (
    provider, failures, rests_until, last_outcome, last_asked_at, last_ok_at, last_error_at, last_error, last_cure
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (provider) DO UPDATE SET
    failures = EXCLUDED.failures,
    rests_until = EXCLUDED.rests_until,
    last_outcome = EXCLUDED.last_outcome,
    last_asked_at = EXCLUDED.last_asked_at,
    last_ok_at = coalesce(EXCLUDED.last_ok_at, kept.last_ok_at),
    last_error_at = coalesce(EXCLUDED.last_error_at, kept.last_error_at),
    last_error = CASE WHEN EXCLUDED.last_error_at IS NULL THEN kept.last_error ELSE EXCLUDED.last_error END,
    last_cure = CASE WHEN EXCLUDED.last_error_at IS NULL THEN kept.last_cure ELSE EXCLUDED.last_cure END
WHERE kept.last_asked_at <= EXCLUDED.last_asked_at;

-- name: states
SELECT * FROM provider_states;

-- name: rested
UPDATE provider_states SET failures = 0, rests_until = NULL, last_outcome = 'ok', last_ok_at = now(), last_asked_at = now()
WHERE provider = $1;

-- name: sums
SELECT provider, sum(asked)::integer AS asked, sum(ok)::integer AS ok, sum(failed)::integer AS failed,
    sum(timeout)::integer AS timeout, sum(results)::bigint AS results
FROM provider_hours WHERE hour > now() - make_interval(hours => $1) GROUP BY provider;

-- name: times
SELECT provider, array_agg(total ORDER BY place) AS times
FROM (
    SELECT provider, place, sum(count)::integer AS total
    FROM provider_hours, unnest(times) WITH ORDINALITY AS counted (count, place)
    WHERE hour > now() - make_interval(hours => $1)
    GROUP BY provider, place
) AS summed
GROUP BY provider;

-- name: hours
SELECT hour, asked, ok, failed, timeout, results, times
FROM provider_hours WHERE provider = $1 AND hour > now() - make_interval(hours => $2) ORDER BY hour;

-- name: asks
SELECT provider, at, outcome, took_ms, results, error, cure
FROM provider_asks WHERE provider = $1 ORDER BY id DESC LIMIT $2;

-- name: forget
DELETE FROM provider_hours WHERE hour < now() - make_interval(days => $1);

-- name: forget_states
-- A source that nobody has asked for so long is none any more.
DELETE FROM provider_states WHERE last_asked_at < now() - make_interval(days => $1);

-- name: forget_asks
DELETE FROM provider_asks WHERE at < now() - make_interval(days => $1);
