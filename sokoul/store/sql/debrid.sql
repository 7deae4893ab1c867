-- name: keys
SELECT service, sealed, set_at FROM debrid_keys WHERE user_id = $1;

-- name: put_key
INSERT INTO debrid_keys (user_id, service, sealed) VALUES ($1, $2, $3)
ON CONFLICT (user_id, service) DO UPDATE SET sealed = excluded.sealed, set_at = now();

-- name: drop_key
DELETE FROM debrid_keys WHERE user_id = $1 AND service = $2;

-- name: learn
-- What was taken down by name stays so, whatever one account is told later; anything else is as it was seen last.
INSERT INTO debrid_torrents (service, info_hash, seen, reason) VALUES ($1, $2, $3, $4)
ON CONFLICT (info_hash, service) DO UPDATE
SET seen = excluded.seen, reason = excluded.reason, learnt_at = now()
WHERE debrid_torrents.seen <> 'refused' OR excluded.seen <> 'absent';

-- name: learnt
SELECT service, info_hash, seen, reason, learnt_at FROM debrid_torrents
WHERE info_hash = ANY($1::text[]) AND service = ANY($2::text[]) AND (learnt_at > $3 OR seen = 'refused')
ORDER BY learnt_at DESC;

-- name: forget_old
-- Older than anybody counts on.
DELETE FROM debrid_torrents WHERE seen <> 'refused' AND learnt_at < now() - interval '60 days';
