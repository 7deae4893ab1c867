-- name: add
-- The same message twice is once: a retried request writes the same id.
INSERT INTO outbox (subject, message_id, payload, trail_id) VALUES ($1, $2, $3, $4)
ON CONFLICT (message_id) DO NOTHING;

-- name: waiting
SELECT id, subject, message_id, payload, trail_id FROM outbox ORDER BY id LIMIT $1;

-- name: sent
DELETE FROM outbox WHERE id = ANY($1::bigint[]);

-- name: bury
-- A second death of the same message (somebody retried it) replaces the first.
INSERT INTO dead_letters (subject, message_id, payload, error, deliveries, trail_id) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (message_id) DO UPDATE SET error = excluded.error, deliveries = excluded.deliveries, retried_at = NULL;

-- name: buried
SELECT id, subject, message_id, payload, error, deliveries, trail_id, created_at, retried_at
FROM dead_letters ORDER BY created_at DESC, id LIMIT $1 OFFSET $2;

-- name: count_buried
SELECT count(*) FROM dead_letters;

-- name: retry
-- Only once per death: the condition keeps two clicks from sending two jobs.
UPDATE dead_letters SET retried_at = now() WHERE id = $1 AND retried_at IS NULL
RETURNING subject, message_id, payload, trail_id;

-- name: exists
SELECT true FROM dead_letters WHERE id = $1;

-- name: purge
DELETE FROM dead_letters WHERE id = $1;
