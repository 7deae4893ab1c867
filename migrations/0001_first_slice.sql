-- Accounts, searches, downloads, library, and the queue's own tables.
-- Names follow the product's list of tables; ids are UUIDs, times are timestamptz.

CREATE EXTENSION IF NOT EXISTS vector;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- unaccent() is only STABLE because its dictionary can change; ours does not, and an index needs IMMUTABLE.
CREATE FUNCTION fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, $1)) $$;

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    username text NOT NULL CHECK (length(username) BETWEEN 1 AND 64),
    email text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('user', 'moderator', 'admin')),
    disabled boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz
);
CREATE UNIQUE INDEX users_username ON users (lower(username));
CREATE UNIQUE INDEX users_email ON users (lower(email));

-- One row is one signed-in device: a family of refresh tokens, of which only the newest counts.
CREATE TABLE sessions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    refresh_hash bytea NOT NULL UNIQUE,
    previous_hash bytea,
    successor text,                       -- the sealed newest token, for the ten seconds in which the old one is answered
    rotated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    user_agent text NOT NULL DEFAULT '',
    ip inet
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_previous ON sessions (previous_hash);
CREATE INDEX sessions_expires ON sessions (expires_at);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    prefix text NOT NULL,
    key_hash bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz,
    expires_at timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id);

CREATE TABLE media (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    media_type text NOT NULL CHECK (media_type IN ('movie', 'tv', 'episode', 'unknown')),
    title text NOT NULL CHECK (title <> ''),
    original_title text,
    aliases text[] NOT NULL DEFAULT '{}',
    year integer CHECK (year BETWEEN 1870 AND 2200),
    tmdb_id integer,
    imdb_id text,
    tvdb_id integer,
    tvmaze_id integer,
    overview text,
    poster_url text,
    backdrop_url text,
    genres text[] NOT NULL DEFAULT '{}',
    rating real CHECK (rating BETWEEN 0 AND 10),
    runtime_minutes integer CHECK (runtime_minutes BETWEEN 0 AND 10000),
    original_language text,
    air_date date,
    parent_id uuid REFERENCES media ON DELETE CASCADE,
    season_number integer CHECK (season_number >= 0),
    episode_number integer CHECK (episode_number >= 0),
    embedding vector(384),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    refreshed_at timestamptz,
    CHECK ((media_type = 'episode') = (parent_id IS NOT NULL))
);
CREATE UNIQUE INDEX media_tmdb ON media (media_type, tmdb_id) WHERE media_type IN ('movie', 'tv');
CREATE UNIQUE INDEX media_episode ON media (parent_id, season_number, episode_number) WHERE media_type = 'episode';
CREATE INDEX media_title_trigrams ON media USING gin (fold(title) gin_trgm_ops);
CREATE INDEX media_type_title ON media (media_type, fold(title), id);
CREATE INDEX media_type_added ON media (media_type, created_at DESC, id);

CREATE TABLE media_files (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    path text NOT NULL UNIQUE CHECK (path LIKE '/%'),
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    mtime_ns bigint NOT NULL,
    device bigint,
    inode bigint,
    state text NOT NULL DEFAULT 'present' CHECK (state IN ('present', 'offline', 'broken')),
    problem text,                         -- why it is broken, in plain words
    container text,
    duration double precision CHECK (duration >= 0),
    bit_rate bigint,
    codec text,
    resolution integer,
    quality_score integer,
    source text,
    hash text,
    release_name text,
    video jsonb,
    audio jsonb NOT NULL DEFAULT '[]',
    subtitles jsonb NOT NULL DEFAULT '[]',
    chapters jsonb NOT NULL DEFAULT '[]',
    added_at timestamptz NOT NULL DEFAULT now(),
    probed_at timestamptz
);
CREATE INDEX media_files_media ON media_files (media_id);
CREATE INDEX media_files_inode ON media_files (device, inode);

-- What was taken out of the library by hand; the files lie in the bin until they are emptied or brought back.
CREATE TABLE bin (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    original_path text NOT NULL,
    bin_path text NOT NULL UNIQUE,
    media jsonb NOT NULL,
    removed_by uuid REFERENCES users ON DELETE SET NULL,
    removed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE searches (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid REFERENCES users ON DELETE CASCADE,
    cache_key text NOT NULL,
    query text NOT NULL,
    media_type text CHECK (media_type IN ('movie', 'tv')),
    year integer,
    tmdb_id integer,
    season integer,
    episode integer,
    profile text NOT NULL,
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'completed', 'failed')),
    identified jsonb,
    candidates jsonb NOT NULL DEFAULT '[]',
    duration_ms integer,
    trail_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz NOT NULL
);
CREATE INDEX searches_live ON searches (cache_key) WHERE status IN ('pending', 'running');
CREATE INDEX searches_user ON searches (user_id, created_at DESC);
CREATE INDEX searches_expires ON searches (expires_at);

CREATE TABLE search_providers (
    search_id uuid NOT NULL REFERENCES searches ON DELETE CASCADE,
    name text NOT NULL,
    status text NOT NULL CHECK (status IN ('running', 'ok', 'failed', 'timeout', 'skipped')),
    count integer NOT NULL DEFAULT 0,
    duration_ms integer NOT NULL DEFAULT 0,
    error text,
    PRIMARY KEY (search_id, name)
);

CREATE TABLE search_results (
    id uuid PRIMARY KEY,
    search_id uuid NOT NULL REFERENCES searches ON DELETE CASCADE,
    guid text NOT NULL,
    provider text NOT NULL,
    providers text[] NOT NULL,
    protocol text NOT NULL CHECK (protocol IN ('torrent', 'http', 'hls', 'debrid', 'library')),
    title text NOT NULL,
    size_bytes bigint,
    seeders integer,
    leechers integer,
    info_hash text,
    magnet_link text,
    url text,
    published_at timestamptz,
    score integer NOT NULL CHECK (score BETWEEN 0 AND 100),
    score_reasons jsonb NOT NULL DEFAULT '[]',
    rejections jsonb NOT NULL DEFAULT '[]',
    ai_validated boolean NOT NULL DEFAULT false,
    release jsonb NOT NULL,
    media_id uuid REFERENCES media ON DELETE SET NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    UNIQUE (search_id, guid)
);
CREATE INDEX search_results_media ON search_results (media_id) WHERE media_id IS NOT NULL;

CREATE TABLE downloads (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    wanted_by uuid REFERENCES users ON DELETE SET NULL,
    media_id uuid REFERENCES media ON DELETE SET NULL,
    result_id uuid REFERENCES search_results ON DELETE SET NULL,
    work jsonb,                           -- what the search had identified, so that the import need not guess
    name text NOT NULL,
    source_kind text NOT NULL CHECK (source_kind IN ('magnet', 'torrent', 'torrent_url', 'url')),
    source text,                          -- the magnet or the address
    torrent bytea,                        -- the .torrent file, as given or once its metadata is known
    info_hash text,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'metadata', 'checking', 'downloading',
        'paused', 'importing', 'seeding', 'completed', 'failed', 'cancelled')),
    wanted_state text NOT NULL DEFAULT 'run' CHECK (wanted_state IN ('run', 'pause', 'cancel')),
    delete_files boolean NOT NULL DEFAULT false,
    priority integer NOT NULL DEFAULT 0,
    sequential boolean NOT NULL DEFAULT false,
    wanted_files integer[],
    total_bytes bigint NOT NULL DEFAULT 0,
    done_bytes bigint NOT NULL DEFAULT 0,
    uploaded_bytes bigint NOT NULL DEFAULT 0,
    seeded_seconds integer NOT NULL DEFAULT 0,
    error_code text,
    error_message text,
    progress jsonb NOT NULL DEFAULT '{}', -- speeds, peers, eta: what is only of interest while it runs
    worker text,
    control text,                         -- where the worker's bytes are served: unix:/path or http://host:port
    lease_until timestamptz,
    trail_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    imported_at timestamptz,
    completed_at timestamptz
);
CREATE UNIQUE INDEX downloads_one_live ON downloads (info_hash) WHERE status NOT IN ('failed', 'cancelled');
CREATE INDEX downloads_status ON downloads (status, priority DESC, created_at);
CREATE INDEX downloads_wanted_by ON downloads (wanted_by, created_at DESC);
CREATE INDEX downloads_media ON downloads (media_id) WHERE media_id IS NOT NULL;
CREATE INDEX downloads_result ON downloads (result_id) WHERE result_id IS NOT NULL;

CREATE TABLE download_files (
    download_id uuid NOT NULL REFERENCES downloads ON DELETE CASCADE,
    index integer NOT NULL CHECK (index >= 0),
    path text NOT NULL,
    size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
    done_bytes bigint NOT NULL DEFAULT 0,
    wanted boolean NOT NULL DEFAULT true,
    playable boolean NOT NULL DEFAULT false,
    file_id uuid REFERENCES media_files ON DELETE SET NULL,
    PRIMARY KEY (download_id, index)
);
CREATE INDEX download_files_file ON download_files (file_id) WHERE file_id IS NOT NULL;

CREATE TABLE tasks (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    type text NOT NULL,
    status text NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled')),
    user_id uuid REFERENCES users ON DELETE CASCADE,
    payload jsonb NOT NULL DEFAULT '{}',
    result jsonb,
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
    retry_count integer NOT NULL DEFAULT 0,
    error text,
    job_key text UNIQUE,
    trail_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz,
    finished_at timestamptz
);
CREATE INDEX tasks_status ON tasks (status, created_at);
CREATE INDEX tasks_user ON tasks (user_id, created_at DESC);

-- Messages that must reach the bus: written with the row they speak of, sent after the commit, deleted once acknowledged.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text NOT NULL,
    message_id text NOT NULL UNIQUE,
    payload jsonb NOT NULL,
    trail_id text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE dead_letters (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    subject text NOT NULL,
    message_id text NOT NULL UNIQUE,
    payload jsonb NOT NULL,
    error text NOT NULL,
    deliveries integer NOT NULL,
    trail_id text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    retried_at timestamptz
);
CREATE INDEX dead_letters_created ON dead_letters (created_at DESC);

CREATE TABLE library_favorites (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, media_id)
);
CREATE INDEX library_favorites_media ON library_favorites (media_id);

CREATE TABLE library_watchlist (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    priority integer NOT NULL DEFAULT 0,
    auto_download boolean NOT NULL DEFAULT true,
    profile text,
    quality_min integer,
    notified boolean NOT NULL DEFAULT false,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, media_id)
);
CREATE INDEX library_watchlist_media ON library_watchlist (media_id);

CREATE TABLE watch_history (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    progress_seconds double precision NOT NULL CHECK (progress_seconds >= 0),
    total_seconds double precision NOT NULL CHECK (total_seconds > 0),
    is_completed boolean NOT NULL DEFAULT false,
    watched_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (user_id, media_id)
);
CREATE INDEX watch_history_recent ON watch_history (user_id, watched_at DESC);
CREATE INDEX watch_history_media ON watch_history (media_id);

CREATE TABLE blocklist (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    info_hash text,
    release_name text NOT NULL,
    reason text NOT NULL,
    added_by uuid REFERENCES users ON DELETE SET NULL,
    added_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX blocklist_hash ON blocklist (info_hash) WHERE info_hash IS NOT NULL;

CREATE TABLE audit_logs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    user_id uuid REFERENCES users ON DELETE SET NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id text,
    old_value jsonb,
    new_value jsonb,
    ip_address inet,
    request_id text
);
CREATE INDEX audit_logs_at ON audit_logs (at DESC);
CREATE INDEX audit_logs_user ON audit_logs (user_id, at DESC);

-- Settings made on the web, and what all processes of one installation must share.
CREATE TABLE config (
    key text PRIMARY KEY,
    value jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
