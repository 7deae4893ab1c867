-- name: there
-- A database that no daemon has seen yet has no tables; one of an older version has no profiles.
SELECT to_regclass('config') IS NOT NULL AND to_regclass('quality_profiles') IS NOT NULL AND to_regclass('profile_habits') IS NOT NULL;

-- name: rows
-- Settings share the table with other things that all processes must know: theirs begin with setting:.
SELECT substr(key, 9) AS key, value FROM config WHERE starts_with(key, 'setting:');

-- name: version
SELECT coalesce((SELECT (value #>> '{}')::bigint FROM config WHERE key = 'settings.version'), 0);

-- name: lock
-- Whoever changes settings judges them as a whole, so one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('settings', 0));

-- name: put
INSERT INTO config (key, value) VALUES ('setting:' || $1, $2)
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = now();

-- name: drop
DELETE FROM config WHERE key = ANY (SELECT 'setting:' || unnest($1::text[]));

-- name: count_change
INSERT INTO config (key, value) VALUES ('settings.version', '1')
ON CONFLICT (key) DO UPDATE SET value = to_jsonb((config.value #>> '{}')::bigint + 1), updated_at = now()
RETURNING (value #>> '{}')::bigint;
