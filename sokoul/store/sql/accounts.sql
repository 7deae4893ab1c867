-- name: any_account
SELECT EXISTS (SELECT FROM users);

-- name: lock_users
-- Who counts users and then writes must not do so beside another who does the same; readers go on.
LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;

-- name: add
INSERT INTO users (username, email, role, password_hash) VALUES ($1, $2, $3, $4)
RETURNING id, username, email, role, disabled, created_at, last_login_at;

-- name: credentials
SELECT id, username, email, role, disabled, created_at, last_login_at, password_hash
FROM users WHERE lower(username) = lower($1);

-- name: account
SELECT id, username, email, role, disabled, created_at, last_login_at FROM users WHERE id = $1;

-- name: accounts
SELECT id, username, email, role, disabled, created_at, last_login_at
FROM users ORDER BY lower(username) LIMIT $1 OFFSET $2;

-- name: count_accounts
SELECT count(*) FROM users;

-- name: other_admins
SELECT count(*) FROM users WHERE role = 'admin' AND NOT disabled AND id <> $1;

-- name: set_password
UPDATE users SET password_hash = $2 WHERE id = $1;

-- name: set_role
UPDATE users SET role = $2 WHERE id = $1
RETURNING id, username, email, role, disabled, created_at, last_login_at;

-- name: set_disabled
UPDATE users SET disabled = $2 WHERE id = $1
RETURNING id, username, email, role, disabled, created_at, last_login_at;

-- name: open_session
INSERT INTO sessions (id, user_id, refresh_hash, expires_at, user_agent, ip)
VALUES ($1, $2, $3, now() + make_interval(secs => $4), $5, $6);

-- name: signed_in
UPDATE users SET last_login_at = now() WHERE id = $1;

-- name: forget_old_sessions
-- A revoked one is kept a while, so that a token used twice is still recognised as such.
DELETE FROM sessions WHERE user_id = $1
    AND (expires_at < now() - interval '1 day' OR revoked_at < now() - interval '8 days');

-- name: rotate
-- One statement decides who of two is first: the second waits for the row and no longer finds its token in it.
UPDATE sessions s SET previous_hash = s.refresh_hash, refresh_hash = $3, successor = $4, rotated_at = now(),
    expires_at = now() + make_interval(secs => $5)
FROM users u
WHERE s.id = $1 AND s.refresh_hash = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
    AND u.id = s.user_id AND NOT u.disabled
RETURNING u.id, u.username, u.email, u.role;

-- name: repeated
SELECT u.id, u.username, u.email, u.role, s.successor
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.previous_hash = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
    AND s.rotated_at > now() - make_interval(secs => $3) AND NOT u.disabled;

-- name: revoke_reused
UPDATE sessions SET revoked_at = now(), successor = NULL WHERE id = $1 AND revoked_at IS NULL RETURNING user_id;

-- name: session_user
SELECT u.id, u.username, u.email, u.role FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires_at > now() AND NOT u.disabled;

-- name: sessions
SELECT id, user_agent, host(ip) AS ip, created_at, coalesce(rotated_at, created_at) AS used_at, expires_at
FROM sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()
ORDER BY used_at DESC LIMIT 200;

-- name: revoke
UPDATE sessions SET revoked_at = now(), successor = NULL WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL;

-- name: revoke_all
UPDATE sessions SET revoked_at = now(), successor = NULL WHERE user_id = $1 AND revoked_at IS NULL;

-- name: lock_user
-- Counting one user's keys and adding one must be one thing.
SELECT id FROM users WHERE id = $1 FOR UPDATE;

-- name: count_keys
SELECT count(*) FROM api_keys WHERE user_id = $1;

-- name: add_key
INSERT INTO api_keys (user_id, name, prefix, key_hash, expires_at) VALUES ($1, $2, $3, $4, $5)
RETURNING id, name, prefix, created_at, last_used_at, expires_at;

-- name: keys
SELECT id, name, prefix, created_at, last_used_at, expires_at
FROM api_keys WHERE user_id = $1 ORDER BY created_at DESC;

-- name: key_user
SELECT u.id, u.username, u.email, u.role FROM api_keys k JOIN users u ON u.id = k.user_id
WHERE k.key_hash = $1 AND (k.expires_at IS NULL OR k.expires_at > now()) AND NOT u.disabled;

-- name: key_used
-- At most once a minute: a row that every request writes would be all that the disk does.
UPDATE api_keys SET last_used_at = now()
WHERE key_hash = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute');

-- name: drop_key
DELETE FROM api_keys WHERE id = $1 AND user_id = $2 RETURNING name;

-- name: audit
INSERT INTO audit_logs (user_id, action, object_type, object_id, old_value, new_value, ip_address, request_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- name: audit_rows
-- Outside every id is a UUID.
SELECT md5('audit_logs ' || a.id)::uuid AS id, a.at, a.user_id, u.username, a.action, a.object_type, a.object_id, a.old_value, a.new_value,
    host(a.ip_address) AS ip_address, a.request_id
FROM audit_logs a LEFT JOIN users u ON u.id = a.user_id
ORDER BY a.at DESC, a.id DESC LIMIT $1 OFFSET $2;

-- name: count_audit_rows
SELECT count(*) FROM audit_logs;
