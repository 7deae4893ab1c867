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
SELECT name, profile FROM media_slots WHERE media_id = $1 ORDER BY position;

-- name: clear_slots
DELETE FROM media_slots WHERE media_id = $1;

-- name: add_slots
-- All of them in one go; their order is that of the arrays.
INSERT INTO media_slots (media_id, position, name, profile)
SELECT $1, place - 1, name, profile FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS s (name, profile, place);
