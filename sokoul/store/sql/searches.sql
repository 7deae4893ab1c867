-- name: lock
-- Two people who ask the same at the same moment get one search: the key is locked until the commit.
SELECT pg_advisory_xact_lock(hashtextextended($1, 0));

-- name: live
-- A search that is older than $2 has lost its worker; it is not joined.
SELECT id FROM searches WHERE cache_key = $1 AND status IN ('pending', 'running') AND created_at > $2
ORDER BY created_at DESC LIMIT 1;

-- name: add
INSERT INTO searches (id, user_id, cache_key, query, media_type, year, tmdb_id, season, episode, profile, trail_id, expires_at, origin)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: let_read
UPDATE searches SET readers = array_append(readers, $2)
WHERE id = $1 AND user_id IS DISTINCT FROM $2 AND NOT $2 = ANY(readers);

-- name: one
SELECT id, user_id, readers, cache_key, query, media_type, year, tmdb_id, season, episode, profile, status, identified,
       candidates, understood, stages, duration_ms, trail_id, created_at, finished_at, expires_at, origin
FROM searches WHERE id = $1;

-- name: begin
-- A finished search stays finished: the job was delivered twice.
UPDATE searches SET status = 'running', started_at = now() WHERE id = $1 AND status IN ('pending', 'running')
RETURNING id;

-- name: identify
UPDATE searches SET identified = $2, candidates = $3, stages = $4, understood = $5 WHERE id = $1;

-- name: put_provider
INSERT INTO search_providers (search_id, name, status, count, duration_ms, error) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (search_id, name) DO UPDATE
SET status = excluded.status, count = excluded.count, duration_ms = excluded.duration_ms, error = excluded.error;

-- name: put_providers
INSERT INTO search_providers (search_id, name, status, count, duration_ms, error, started_ms, limit_ms)
SELECT $1, * FROM unnest($2::text[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::integer[], $8::integer[])
ON CONFLICT (search_id, name) DO UPDATE
SET status = excluded.status, count = excluded.count, duration_ms = excluded.duration_ms, error = excluded.error,
    started_ms = excluded.started_ms, limit_ms = excluded.limit_ms;

-- name: put_stages
UPDATE searches SET stages = $2 WHERE id = $1 AND finished_at IS NULL;

-- name: providers
SELECT name, status, count, duration_ms, error, started_ms, limit_ms FROM search_providers WHERE search_id = $1 ORDER BY name;

-- name: put_results
-- Ids are made from the search and the release, so a repeated run writes the same rows. A title that has left the
-- library meanwhile is no title.
INSERT INTO search_results (id, search_id, guid, provider, providers, protocol, title, size_bytes, seeders, leechers,
    info_hash, magnet_link, url, published_at, score, score_reasons, rejections, notes, ai_validated, release,
    media_id, facts, expires_at)
SELECT r.id, $1, r.guid, r.provider, r.providers, r.protocol, r.title, r.size_bytes, r.seeders, r.leechers,
    r.info_hash, r.magnet_link, r.url, r.published_at, r.score, r.score_reasons, r.rejections, r.notes, r.ai_validated,
    r.release, m.id, r.facts, $3
FROM jsonb_to_recordset($2) AS r(id uuid, guid text, provider text, providers text[], protocol text, title text,
    size_bytes bigint, seeders integer, leechers integer, info_hash text, magnet_link text, url text,
    published_at timestamptz, score integer, score_reasons jsonb, rejections jsonb, notes jsonb, ai_validated boolean,
    release jsonb, media_id uuid, facts jsonb)
LEFT JOIN media m ON m.id = r.media_id
ON CONFLICT (id) DO UPDATE
SET provider = excluded.provider, providers = excluded.providers, title = excluded.title,
    size_bytes = excluded.size_bytes, seeders = excluded.seeders, leechers = excluded.leechers,
    info_hash = excluded.info_hash, magnet_link = excluded.magnet_link, url = excluded.url,
    published_at = excluded.published_at, score = excluded.score, score_reasons = excluded.score_reasons,
    rejections = excluded.rejections, notes = excluded.notes, ai_validated = excluded.ai_validated, release = excluded.release,
    media_id = excluded.media_id, facts = excluded.facts, expires_at = excluded.expires_at;

-- name: drop_other_results
-- What was merged into another result since it was first written.
DELETE FROM search_results WHERE search_id = $1 AND NOT id = ANY($2::uuid[]);

-- name: results
-- The order of `domain.merge.ranked`.
SELECT id, guid, provider, providers, protocol, title, size_bytes, seeders, leechers, info_hash, magnet_link, url,
       published_at, score, score_reasons, rejections, notes, ai_validated, release, media_id, facts
FROM search_results WHERE search_id = $1
ORDER BY rejections <> '[]', score DESC, (facts ->> 'format_score')::integer DESC NULLS LAST, (facts ->> 'confidence')::double precision DESC NULLS LAST,
         coalesce(seeders, 0) DESC, title COLLATE "C";

-- name: found
-- Only of a search that this user may read, and only while it is kept.
SELECT r.id, r.guid, r.provider, r.providers, r.protocol, r.title, r.size_bytes, r.seeders, r.leechers,
       r.info_hash, r.magnet_link, r.url, r.published_at, r.score, r.score_reasons, r.rejections, r.notes,
       r.ai_validated, r.release, r.media_id, r.facts
FROM search_results r JOIN searches s ON s.id = r.search_id
WHERE r.id = $1 AND (s.user_id = $2 OR $2 = ANY(s.readers)) AND r.expires_at > now();

-- name: finish
UPDATE searches SET status = $2, duration_ms = $3, stages = $4, expires_at = $5, finished_at = now() WHERE id = $1;

-- name: may_read
SELECT true FROM searches WHERE id = $1 AND (user_id = $2 OR $2 = ANY(readers)) AND expires_at > now();

-- name: library
-- Files of titles that are alike; the trigram index answers for titles of three letters and more.
SELECT f.id, f.media_id, f.path, f.size_bytes, f.release_name, f.added_at, t.tmdb_id, t.imdb_id, t.title, t.year,
       m.season_number, m.episode_number
FROM media t
JOIN media m ON m.id = t.id OR m.parent_id = t.id
JOIN media_files f ON f.media_id = m.id AND f.state = 'present'
WHERE t.parent_id IS NULL
  AND (t.tmdb_id = $2 AND t.media_type = $3 OR fold(t.title) = ANY($1::text[]) OR fold(t.title) % ANY($1::text[]))
  AND ($4::integer IS NULL OR m.season_number = $4 OR m.season_number IS NULL)
  AND ($5::integer IS NULL OR m.episode_number = $5 OR m.episode_number IS NULL)
ORDER BY f.added_at DESC LIMIT 100;

-- name: drop_expired
-- Results that a download came from go with their search; the download keeps what it needs.
DELETE FROM searches WHERE expires_at < now() - interval '1 day';
