-- name: snapshot
-- Everything that deleting a title takes along, as rows that `restore` can put back.
SELECT jsonb_build_object(
    'id', m.id, 'title', m.title,
    'media', (SELECT jsonb_agg(to_jsonb(x) - 'names' - 'sort_title' - 'embedding' ORDER BY x.parent_id NULLS FIRST)
              FROM media x WHERE x.id = m.id OR x.parent_id = m.id OR x.id = m.parent_id),
    'files', (SELECT jsonb_agg(to_jsonb(f)) FROM media_files f JOIN media x ON x.id = f.media_id
              WHERE x.id = m.id OR x.parent_id = m.id),
    'favorites', (SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') FROM library_favorites l JOIN media x ON x.id = l.media_id
              WHERE x.id = m.id OR x.parent_id = m.id),
    'watchlist', (SELECT coalesce(jsonb_agg(to_jsonb(l)), '[]') FROM library_watchlist l JOIN media x ON x.id = l.media_id
              WHERE x.id = m.id OR x.parent_id = m.id),
    'history', (SELECT coalesce(jsonb_agg(to_jsonb(h)), '[]') FROM watch_history h JOIN media x ON x.id = h.media_id
              WHERE x.id = m.id OR x.parent_id = m.id),
    'collections', (SELECT coalesce(jsonb_agg(to_jsonb(c)), '[]') FROM collection_media c JOIN media x ON x.id = c.media_id
              WHERE x.id = m.id OR x.parent_id = m.id)
) FROM media m WHERE m.id = $1;

-- name: put_in_bin
INSERT INTO bin (original_path, bin_path, media, removed_by) VALUES ($1, $2, $3, $4)
ON CONFLICT (bin_path) DO NOTHING;

-- name: binned
SELECT id, (media ->> 'id')::uuid AS media_id, media ->> 'title' AS title, original_path, bin_path, removed_at
FROM bin ORDER BY removed_at DESC, id LIMIT $1 OFFSET $2;

-- name: count_binned
SELECT count(*) FROM bin;

-- name: binned_of
SELECT id, (media ->> 'id')::uuid AS media_id, media ->> 'title' AS title, original_path, bin_path, removed_at
FROM bin WHERE media ->> 'id' = $1 ORDER BY original_path;

-- name: bin_snapshot
SELECT media FROM bin WHERE media ->> 'id' = $1 AND media ? 'media' LIMIT 1;

-- name: leave_bin
DELETE FROM bin WHERE id = ANY($1::uuid[]);

-- name: leave_bin_title
DELETE FROM bin WHERE media ->> 'id' = $1;

-- name: restore_media
-- Columns are named, for the generated ones cannot be written; what exists again meanwhile stays.
INSERT INTO media (id, media_type, title, original_title, aliases, year, tmdb_id, imdb_id, tvdb_id, tvmaze_id, overview,
    poster_url, backdrop_url, genres, rating, runtime_minutes, original_language, air_date, parent_id, season_number,
    episode_number, created_at, updated_at, refreshed_at)
SELECT id, media_type, title, original_title, aliases, year, tmdb_id, imdb_id, tvdb_id, tvmaze_id, overview,
    poster_url, backdrop_url, genres, rating, runtime_minutes, original_language, air_date, parent_id, season_number,
    episode_number, created_at, updated_at, refreshed_at
FROM jsonb_populate_recordset(NULL::media, $1) ORDER BY parent_id NULLS FIRST
ON CONFLICT DO NOTHING;

-- name: restore_files
INSERT INTO media_files SELECT * FROM jsonb_populate_recordset(NULL::media_files, $1) r
WHERE EXISTS (SELECT 1 FROM media m WHERE m.id = r.media_id)
ON CONFLICT DO NOTHING;

-- name: restore_favorites
INSERT INTO library_favorites SELECT * FROM jsonb_populate_recordset(NULL::library_favorites, $1) r
WHERE EXISTS (SELECT 1 FROM media m WHERE m.id = r.media_id) AND EXISTS (SELECT 1 FROM users u WHERE u.id = r.user_id)
ON CONFLICT DO NOTHING;

-- name: restore_watchlist
INSERT INTO library_watchlist SELECT * FROM jsonb_populate_recordset(NULL::library_watchlist, $1) r
WHERE EXISTS (SELECT 1 FROM media m WHERE m.id = r.media_id) AND EXISTS (SELECT 1 FROM users u WHERE u.id = r.user_id)
ON CONFLICT DO NOTHING;

-- name: restore_history
INSERT INTO watch_history SELECT * FROM jsonb_populate_recordset(NULL::watch_history, $1) r
WHERE EXISTS (SELECT 1 FROM media m WHERE m.id = r.media_id) AND EXISTS (SELECT 1 FROM users u WHERE u.id = r.user_id)
ON CONFLICT DO NOTHING;

-- name: restore_collections
INSERT INTO collection_media SELECT * FROM jsonb_populate_recordset(NULL::collection_media, $1) r
WHERE EXISTS (SELECT 1 FROM media m WHERE m.id = r.media_id)
  AND EXISTS (SELECT 1 FROM collections c WHERE c.id = r.collection_id)
ON CONFLICT DO NOTHING;

-- name: unfinished
-- A title that is in the bin and still listed: the removal was cut off, for the last step deletes it here.
SELECT DISTINCT m.id FROM bin b JOIN media m ON m.id::text = b.media ->> 'id';
