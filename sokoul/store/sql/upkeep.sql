-- name: requeue_searches
-- A search that nobody ended long after its time: its message is lost, with the bus's folder or otherwise.
-- The minute in the message's id lets several processes say so at once.
INSERT INTO outbox (subject, message_id, payload, trail_id)
SELECT 'JOBS.search', 'search-' || id || '-again-' || (extract(epoch FROM now())::bigint / 60),
       jsonb_build_object('id', id), trail_id
FROM searches
WHERE status IN ('pending', 'running')
  AND created_at BETWEEN now() - interval '1 hour' AND now() - make_interval(secs => $1)
ON CONFLICT (message_id) DO NOTHING;

-- name: requeue_tasks
-- Like searches: what the library was asked for and nobody has begun.
INSERT INTO outbox (subject, message_id, payload, trail_id)
SELECT 'JOBS.library', 'library-' || id || '-again-' || (extract(epoch FROM now())::bigint / 60),
       payload || jsonb_build_object('id', id, 'work', split_part(type, '.', 2)), trail_id
FROM tasks
WHERE type LIKE 'library.%' AND status = 'pending'
  AND created_at BETWEEN now() - interval '1 day' AND now() - make_interval(secs => $1)
ON CONFLICT (message_id) DO NOTHING;

-- name: drop_sessions
-- Kept for a while after their end, so that the reuse of an old token is still seen as such.
DELETE FROM sessions WHERE least(expires_at, coalesce(revoked_at, expires_at)) < now() - interval '30 days';
