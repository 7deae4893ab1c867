-- Every column of a row but its .torrent file, which may be megabytes and is asked for by itself.

-- name: lock_user
-- Two requests of one user are counted one after the other, or both would be under the limit.
SELECT pg_advisory_xact_lock(hashtextextended($1::text, 7));

-- name: live_twin
-- A torrent that lives already is not fetched a second time.
SELECT id FROM downloads WHERE info_hash = $1 AND status NOT IN ('failed', 'cancelled');

-- name: also_want
UPDATE downloads SET also_wanted_by = array_append(also_wanted_by, $2::uuid)
WHERE id = $1 AND wanted_by IS DISTINCT FROM $2 AND NOT $2 = ANY(also_wanted_by);

-- name: active_of
SELECT count(*) FROM downloads
WHERE wanted_by = $1 AND status IN ('queued', 'metadata', 'checking', 'downloading', 'importing');

-- name: add
-- The index downloads_one_live refuses a second wish for the same torrent. A media row that is named says what
-- it is; what a search had identified goes before.
INSERT INTO downloads (id, wanted_by, name, source_kind, source, torrent, info_hash, media_id, result_id, work,
    wanted_files, sequential, trail_id, via, headers, offered_as, indexers)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9,
    coalesce($10::jsonb, (
        SELECT jsonb_strip_nulls(jsonb_build_object('media_type', m.media_type, 'title', m.title, 'year', m.year,
            'tmdb_id', m.tmdb_id, 'imdb_id', m.imdb_id, 'tvdb_id', m.tvdb_id, 'tvmaze_id', m.tvmaze_id,
            'runtime_minutes', m.runtime_minutes))
        FROM media asked JOIN media m ON m.id = coalesce(asked.parent_id, asked.id)
        WHERE asked.id = $8 AND m.media_type IN ('movie', 'tv'))),
    $11, $12, $13, $14, $15,
    -- Results are forgotten after a day; what it was offered as, and by whom, is asked again when it is there.
    (SELECT r.title FROM search_results r WHERE r.id = $9),
    coalesce((SELECT r.providers FROM search_results r WHERE r.id = $9), '{}')
ON CONFLICT DO NOTHING
RETURNING id;

-- name: has_media
SELECT EXISTS (SELECT 1 FROM media WHERE id = $1);

-- name: one
SELECT id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at
FROM downloads WHERE id = $1;

-- name: torrent
SELECT torrent FROM downloads WHERE id = $1;

-- name: files
SELECT * FROM download_files WHERE download_id = ANY($1::uuid[]) ORDER BY download_id, index;

-- name: page
SELECT id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at,
    count(*) OVER () AS total
FROM downloads
WHERE ($1::uuid IS NULL OR wanted_by = $1 OR $1 = ANY(also_wanted_by))
  AND (cardinality($2::text[]) = 0 OR status = ANY($2::text[]))
ORDER BY created_at DESC, id LIMIT $3 OFFSET $4;

-- name: count
SELECT count(*) FROM downloads
WHERE ($1::uuid IS NULL OR wanted_by = $1 OR $1 = ANY(also_wanted_by))
  AND (cardinality($2::text[]) = 0 OR status = ANY($2::text[]));

-- name: of_media
SELECT id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at
FROM downloads
WHERE (media_id = $1 OR (work ->> 'tmdb_id' IS NOT NULL AND EXISTS (
        SELECT 1 FROM media m WHERE m.id = $1 AND m.tmdb_id = (work ->> 'tmdb_id')::integer
            AND m.media_type = work ->> 'media_type')))
  AND status NOT IN ('failed', 'cancelled')
ORDER BY created_at DESC LIMIT 20;

-- name: picked
-- Only of a search that this user may read, and only while it is kept. What was turned down as something else
-- is not the work that was looked for.
SELECT r.title AS name, r.protocol, r.magnet_link, r.url, r.info_hash, r.media_id,
    r.facts -> 'headers' AS headers,
    CASE WHEN jsonb_path_exists(r.rejections,
        '$[*] ? (@.code == "wrong_title" || @.code == "wrong_year" || @.code == "wrong_type" || @.code == "soundtrack"
                 || @.code == "extra")')
    THEN NULL ELSE s.identified END AS work
FROM search_results r JOIN searches s ON s.id = r.search_id
WHERE r.id = $1 AND (s.user_id = $2 OR $2 = ANY(s.readers)) AND r.expires_at > now();

-- name: pause
UPDATE downloads SET wanted_state = 'pause', status = 'paused', progress = '{}'
WHERE id = $1 AND status NOT IN ('completed', 'failed', 'cancelled');

-- name: resume
-- The worker that holds it says in a moment where it stands; nobody's waits in the queue.
UPDATE downloads SET wanted_state = 'run', error_code = NULL, error_message = NULL,
    status = CASE WHEN status IN ('paused', 'failed') THEN 'queued' ELSE status END
WHERE id = $1 AND status NOT IN ('completed', 'cancelled')
  AND (status <> 'failed' OR NOT EXISTS (SELECT 1 FROM downloads other
       WHERE other.info_hash = downloads.info_hash AND other.status NOT IN ('failed', 'cancelled')));

-- name: cancel
UPDATE downloads SET wanted_state = 'cancel', status = 'cancelled', delete_files = delete_files OR $2, progress = '{}'
WHERE id = $1 AND status <> 'completed';

-- name: claim
-- What runs or may begin: as many as this worker has room for, the most urgent and then the oldest first.
-- A worker that was started again takes its own back at once; another's, when its lease ran out.
UPDATE downloads SET worker = $1, control = $2, lease_until = now() + make_interval(secs => $3),
    started_at = coalesce(started_at, now())
WHERE id IN (
    SELECT id FROM downloads
    WHERE status IN ('queued', 'metadata', 'checking', 'downloading', 'paused') AND wanted_state = 'run'
      AND imported_at IS NULL
      AND (worker IS NULL OR worker = $1 OR lease_until IS NULL OR lease_until < now())
      AND NOT id = ANY($5::uuid[])
    ORDER BY priority DESC, created_at LIMIT $4
    FOR UPDATE SKIP LOCKED)
RETURNING id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at;

-- name: claim_rest
-- What needs no room: imports and seeding to go on with, and cancelled ones whose worker did not tidy up.
UPDATE downloads SET worker = $1, control = $2, lease_until = now() + make_interval(secs => $3)
WHERE id IN (
    SELECT id FROM downloads
    WHERE ((status = 'importing' OR (imported_at IS NOT NULL AND status IN ('queued', 'seeding', 'paused')))
           AND wanted_state = 'run' OR status = 'cancelled' AND worker IS NOT NULL)
      AND (worker IS NULL OR worker = $1 OR lease_until IS NULL OR lease_until < now())
      AND NOT id = ANY($4::uuid[])
    ORDER BY created_at LIMIT 100
    FOR UPDATE SKIP LOCKED)
RETURNING id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at;

-- name: renew
-- What is not in the answer belongs to another worker now.
UPDATE downloads SET lease_until = now() + make_interval(secs => $3)
WHERE id = ANY($2::uuid[]) AND worker = $1
RETURNING id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at;

-- name: release
-- The worker's name stays: it tells that there may be files to be tidied away when the download is cancelled.
UPDATE downloads SET control = NULL, lease_until = NULL WHERE id = ANY($2::uuid[]) AND worker = $1;

-- name: let_go
UPDATE downloads SET worker = NULL, control = NULL, lease_until = NULL WHERE id = $2 AND worker = $1;

-- name: save
-- What its owner has asked for in the meantime stands; a worker without the lease writes nothing. A pause without
-- a reason was the owner's: when it comes late, after the resume, it says nothing.
UPDATE downloads SET
    status = CASE WHEN $3 = 'paused' AND $4::text IS NULL THEN status
                  WHEN wanted_state = 'run' OR $3 = 'failed' AND status <> 'cancelled' THEN $3 ELSE status END,
    error_code = $4, error_message = $5,
    name = coalesce($6, name), total_bytes = coalesce($7, total_bytes), done_bytes = coalesce($8, done_bytes),
    uploaded_bytes = coalesce($9, uploaded_bytes), seeded_seconds = coalesce($10, seeded_seconds), progress = $11,
    completed_at = CASE WHEN $3 = 'completed' AND wanted_state = 'run' THEN now() ELSE completed_at END
WHERE id = $1 AND worker = $2
RETURNING id, wanted_by, also_wanted_by, media_id, work, name, source_kind, source, via, headers, info_hash, status, wanted_state,
    delete_files, sequential, wanted_files, total_bytes, done_bytes, uploaded_bytes, seeded_seconds, error_code,
    error_message, progress, worker, control, trail_id, created_at, imported_at, completed_at;

-- name: set_source
-- What the address led to: a magnet link, or a .torrent file.
UPDATE downloads SET source = coalesce($3, source), torrent = coalesce($4, torrent), info_hash = coalesce(info_hash, $5)
WHERE id = $1 AND worker = $2;

-- name: set_facts
UPDATE downloads SET name = $3, info_hash = coalesce($4, info_hash), torrent = coalesce($5, torrent), total_bytes = $6
WHERE id = $1 AND worker = $2;

-- name: fall_back
-- What the debrid service held is not what the torrent holds: its files are asked for anew.
UPDATE downloads SET via = 'torrent', total_bytes = 0, done_bytes = 0, wanted_files = NULL WHERE id = $1 AND worker = $2
RETURNING id;

-- name: drop_files
DELETE FROM download_files WHERE download_id = $1;

-- name: put_files
INSERT INTO download_files (download_id, index, path, size_bytes, wanted)
SELECT $1, * FROM unnest($2::integer[], $3::text[], $4::bigint[], $5::boolean[])
ON CONFLICT (download_id, index)
DO UPDATE SET wanted = excluded.wanted, path = excluded.path, size_bytes = excluded.size_bytes;

-- name: set_progress
UPDATE download_files f SET done_bytes = new.done, playable = new.playable, seen = coalesce(new.seen, f.seen)
FROM unnest($2::integer[], $3::bigint[], $4::boolean[], $5::jsonb[]) AS new (index, done, playable, seen)
WHERE f.download_id = $1 AND f.index = new.index;

-- name: imported
UPDATE downloads SET media_id = $3, imported_at = coalesce(imported_at, now()) WHERE id = $1 AND worker = $2
RETURNING id;

-- name: set_file_ids
UPDATE download_files f SET file_id = new.file
FROM unnest($2::integer[], $3::uuid[]) AS new (index, file)
WHERE f.download_id = $1 AND f.index = new.index;

-- name: secret
-- One for all processes of an installation; whoever comes first makes it.
INSERT INTO config (key, value) VALUES ($1, to_jsonb($2::text))
ON CONFLICT (key) DO UPDATE SET key = config.key
RETURNING value;
