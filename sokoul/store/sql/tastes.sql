-- name: ties
-- Episodes speak for their series. The strongest tie of a title counts, the latest day of any.
SELECT id, bond, at FROM (
    SELECT DISTINCT ON (id) id, bond, max(at) OVER (PARTITION BY id) AS at FROM (
        SELECT coalesce(m.parent_id, m.id) AS id, 'favorite' AS bond, 1 AS strength, l.added_at AS at
        FROM library_favorites l JOIN media m ON m.id = l.media_id WHERE l.user_id = $1
        UNION ALL
        SELECT coalesce(m.parent_id, m.id), CASE WHEN h.is_completed THEN 'finished' ELSE 'begun' END,
            CASE WHEN h.is_completed THEN 2 ELSE 3 END, h.watched_at
        FROM watch_history h JOIN media m ON m.id = h.media_id
        WHERE h.user_id = $1 AND (h.is_completed OR h.progress_seconds > 0)
        UNION ALL
        SELECT coalesce(m.parent_id, m.id), 'wished', 4, l.added_at
        FROM library_watchlist l JOIN media m ON m.id = l.media_id WHERE l.user_id = $1
    ) told ORDER BY id, strength
) ties ORDER BY at DESC LIMIT $2;

-- name: candidates
SELECT s.id FROM stories s
WHERE ($2::text[] = '{}' OR EXISTS (SELECT 1 FROM unnest(s.genres) g WHERE lower(g) = ANY($2)))
  AND NOT EXISTS (SELECT 1 FROM library_favorites l WHERE l.user_id = $1 AND l.media_id = s.id)
  AND NOT EXISTS (SELECT 1 FROM watch_history h WHERE h.user_id = $1 AND (h.media_id = s.id OR h.media_id IN (
      SELECT e.id FROM media e WHERE e.parent_id = s.id AND e.media_type = 'episode')))
ORDER BY s.listed DESC, s.popularity DESC, s.rating DESC NULLS LAST, s.since DESC LIMIT $3;

-- name: liked
SELECT t.tmdb_id, t.media_type FROM (
    SELECT coalesce(m.parent_id, m.id) AS id, max(l.at) AS at FROM (
        SELECT media_id, added_at AS at FROM library_favorites
        UNION ALL
        SELECT media_id, watched_at FROM watch_history WHERE is_completed
    ) l JOIN media m ON m.id = l.media_id GROUP BY 1
) liked JOIN media t ON t.id = liked.id
WHERE t.tmdb_id IS NOT NULL AND t.media_type IN ('movie', 'tv') ORDER BY liked.at DESC LIMIT $1;
