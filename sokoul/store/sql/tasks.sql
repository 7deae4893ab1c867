-- name: page
-- The first parameter is a user, or null for everybody's.
SELECT id, type, status, user_id, payload, result, progress, retry_count, error, trail_id, created_at,
    started_at, finished_at
FROM tasks WHERE $1::uuid IS NULL OR user_id = $1 ORDER BY created_at DESC, id LIMIT $2 OFFSET $3;

-- name: count
SELECT count(*) FROM tasks WHERE $1::uuid IS NULL OR user_id = $1;

-- name: one
SELECT id, type, status, user_id, payload, result, progress, retry_count, error, trail_id, created_at,
    started_at, finished_at
FROM tasks WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2);
