-- name: lock
-- Two clicks at once are one task.
SELECT pg_advisory_xact_lock(hashtextextended('sokoul.library.task.' || $1, 0));

-- name: waiting
SELECT id FROM tasks WHERE type = $1 AND payload = $2 AND status = 'pending' ORDER BY created_at LIMIT 1;

-- name: add
INSERT INTO tasks (type, user_id, payload, trail_id) VALUES ($1, $2, $3, $4) RETURNING id;

-- name: begin
UPDATE tasks SET status = 'running', started_at = coalesce(started_at, now()), error = NULL,
    retry_count = retry_count + (started_at IS NOT NULL)::integer
WHERE id = $1 AND status IN ('pending', 'running', 'failed') RETURNING id;

-- name: end
UPDATE tasks SET status = 'completed', result = $2, progress = 100, finished_at = now() WHERE id = $1;

-- name: fail
UPDATE tasks SET status = 'failed', error = $2, finished_at = now() WHERE id = $1;
