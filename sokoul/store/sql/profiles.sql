-- name: revision
SELECT revision FROM profile_revision;

-- name: touch
-- Its lock also puts changes in a row, so that a reader never sees a revision whose change it misses.
UPDATE profile_revision SET revision = revision + 1;

-- name: all
SELECT name, rules FROM quality_profiles ORDER BY name;

-- name: habits
SELECT user_id, profile, ceiling FROM profile_habits;

-- name: add
INSERT INTO quality_profiles (name, rules) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- name: change
UPDATE quality_profiles SET name = $2, rules = $3, updated_at = now() WHERE name = $1;

-- name: follow_habits
-- Whoever had a profile as their own keeps it under its new name.
UPDATE profile_habits SET profile = $2 WHERE profile = $1;

-- name: follow_slots
UPDATE media_slots SET profile = $2 WHERE profile = $1;

-- name: drop
DELETE FROM quality_profiles WHERE name = $1;

-- name: set_habits
INSERT INTO profile_habits (user_id, profile, ceiling) VALUES ($1, $2, $3)
ON CONFLICT (user_id) DO UPDATE SET profile = excluded.profile, ceiling = excluded.ceiling;

-- name: media
SELECT true FROM media WHERE id = $1;

-- name: slots
-- An episode without slots of its own has those of its series.
SELECT name, profile FROM media_slots
WHERE media_id = $1 OR (media_id = (SELECT parent_id FROM media WHERE id = $1)
                        AND NOT EXISTS (SELECT 1 FROM media_slots WHERE media_id = $1))
ORDER BY position;

-- name: files
-- What lies in a film's slots, or in those of one episode; `resolution` was measured.
SELECT id, coalesce(release_name, path) AS name, resolution FROM media_files
WHERE media_id = $1 AND state = 'present' ORDER BY added_at, id LIMIT 100;

-- name: clear_slots
DELETE FROM media_slots WHERE media_id = $1;

-- name: add_slots
-- All of them in one go; their order is that of the arrays.
INSERT INTO media_slots (media_id, position, name, profile)
SELECT $1, place - 1, name, profile FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS s (name, profile, place);
