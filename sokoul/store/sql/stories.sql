-- name: remember
-- What one catalogue page leaves out another told before: silence overwrites nothing.
INSERT INTO known_works AS k (media_type, tmdb_id, title, original_title, year, overview, english, genres, people,
    keywords, rating, popularity, runtime_minutes, original_language, poster_url, backdrop_url)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
ON CONFLICT (media_type, tmdb_id) DO UPDATE SET title = excluded.title,
    original_title = coalesce(excluded.original_title, k.original_title), year = coalesce(excluded.year, k.year),
    overview = coalesce(excluded.overview, k.overview), english = coalesce(excluded.english, k.english),
    genres = CASE WHEN excluded.genres = '{}' THEN k.genres ELSE excluded.genres END,
    people = CASE WHEN excluded.people = '{}' THEN k.people ELSE excluded.people END,
    keywords = CASE WHEN excluded.keywords = '{}' THEN k.keywords ELSE excluded.keywords END,
    rating = coalesce(excluded.rating, k.rating), popularity = greatest(excluded.popularity, k.popularity * 0.5),
    runtime_minutes = coalesce(excluded.runtime_minutes, k.runtime_minutes),
    original_language = coalesce(excluded.original_language, k.original_language),
    poster_url = coalesce(excluded.poster_url, k.poster_url),
    backdrop_url = coalesce(excluded.backdrop_url, k.backdrop_url), told_at = now();

-- name: forget
-- Bounded: what was not spoken of for the longest goes first.
DELETE FROM known_works WHERE id IN (SELECT id FROM known_works ORDER BY told_at DESC OFFSET $1);

-- name: waiting
-- Texts that changed since, or that another model read; the library's own first.
SELECT s.* FROM stories s
WHERE s.embedded_as IS DISTINCT FROM $1 || ':' || s.digest AND (s.overview IS NOT NULL OR s.english IS NOT NULL OR s.listed)
ORDER BY s.listed DESC, s.popularity DESC LIMIT $2;

-- name: keep_listed
UPDATE media SET embedding = $2::real[], embedded_as = $3, embedded_at = clock_timestamp() WHERE id = $1;

-- name: keep_heard
UPDATE known_works SET embedding = $2::real[], embedded_as = $3, embedded_at = clock_timestamp() WHERE id = $1;

-- name: how_many
SELECT (SELECT count(*) FROM media WHERE embedded_at IS NOT NULL AND starts_with(embedded_as, $1))
     + (SELECT count(*) FROM known_works WHERE embedded_at IS NOT NULL AND starts_with(embedded_as, $1));

-- name: vectors
-- In the order they were made, so that a reader goes on where it was; array_send is the quickest way to bytes,
-- and the cast makes it the same whether the column is a vector or, without pgvector, an array.
SELECT id, array_send(embedding::real[]) AS vector, embedded_at FROM (
    SELECT id, embedding, embedded_at FROM media WHERE embedded_at > $2 AND starts_with(embedded_as, $1)
    UNION ALL
    SELECT id, embedding, embedded_at FROM known_works WHERE embedded_at > $2 AND starts_with(embedded_as, $1)
) v ORDER BY embedded_at LIMIT $3;

-- name: by_ids
SELECT s.*, s.listed AND EXISTS (SELECT 1 FROM media_files f WHERE f.state <> 'broken' AND (f.media_id = s.id
    OR f.media_id IN (SELECT e.id FROM media e WHERE e.parent_id = s.id AND e.media_type = 'episode'))) AS owned
FROM stories s WHERE s.id = ANY($1::uuid[]);

-- name: by_words
SELECT id FROM (
    SELECT m.id, ts_rank(m.words, q) AS rank FROM media m, to_tsquery('simple', $1) q
    WHERE m.words @@ q AND m.media_type <> 'episode'
    UNION ALL
    SELECT coalesce(m.id, k.id), ts_rank(k.words, q) FROM to_tsquery('simple', $1) q, known_works k
    LEFT JOIN media m ON m.media_type = k.media_type AND m.tmdb_id = k.tmdb_id AND m.media_type IN ('movie', 'tv')
    WHERE k.words @@ q
) found GROUP BY id ORDER BY max(rank) DESC LIMIT $2;

-- name: by_facets
-- Null, or nothing in a list, narrows nothing; people are often called by their last name alone.
SELECT s.id FROM stories s
WHERE ($1::text IS NULL OR s.media_type = $1)
  AND ($2::integer IS NULL OR s.year BETWEEN $2 AND $3)
  AND ($4::text[] = '{}' OR EXISTS (SELECT 1 FROM unnest(s.genres) g WHERE lower(g) = ANY($4)))
  AND ($5::text[] = '{}' OR EXISTS (SELECT 1 FROM unnest(s.people) p WHERE lower(p) = ANY($5)
       OR substring(lower(p) FROM '[^ ]+$') = ANY($5)))
  AND ($6::text IS NULL OR s.original_language = $6)
ORDER BY s.listed DESC, s.popularity DESC, s.rating DESC NULLS LAST LIMIT $7;

-- name: by_title
-- Exactly so called first, then what begins so; the best known of several.
SELECT s.* FROM stories s WHERE s.id IN (
    SELECT m.id FROM media m WHERE m.media_type <> 'episode'
      AND (m.original_title = $1 OR m.sort_title >= fold($1) AND m.sort_title < fold($1) || U&'\FFFF')
    UNION ALL
    SELECT coalesce(m.id, k.id) FROM known_works k
    LEFT JOIN media m ON m.media_type = k.media_type AND m.tmdb_id = k.tmdb_id AND m.media_type IN ('movie', 'tv')
    WHERE k.original_title = $1 OR fold(k.title) >= fold($1) AND fold(k.title) < fold($1) || U&'\FFFF'
)
ORDER BY fold(s.title) = fold($1) DESC, s.listed DESC, s.popularity DESC, s.year DESC NULLS LAST LIMIT 3;

-- name: reach
-- How soon each can be watched: what was found before counts as long as its search is kept.
SELECT s.id,
    (SELECT d.status FROM downloads d WHERE d.status NOT IN ('failed', 'cancelled', 'completed', 'seeding')
        AND (d.media_id = s.id OR (d.work ->> 'tmdb_id')::integer = s.tmdb_id AND d.work ->> 'media_type' = s.media_type)
        ORDER BY d.created_at DESC LIMIT 1) AS coming,
    found.releases, found.best
FROM stories s LEFT JOIN LATERAL (
    SELECT count(DISTINCT r.guid) AS releases, max(r.score) AS best
    FROM searches q JOIN search_results r ON r.search_id = q.id
    WHERE (q.identified ->> 'tmdb_id')::integer = s.tmdb_id AND q.identified ->> 'media_type' = s.media_type
      AND q.expires_at > now() AND r.rejections = '[]' AND r.protocol <> 'library'
) found ON true
WHERE s.id = ANY($1::uuid[]);
