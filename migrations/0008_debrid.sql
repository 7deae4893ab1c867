-- Users' own keys of debrid services, sealed with a key that lies beside the database, never in it.
CREATE TABLE debrid_keys (
    user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    service text NOT NULL CHECK (service IN ('real_debrid', 'all_debrid')),
    sealed text NOT NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, service)
);

-- What each try told of a torrent at a service: nobody says any more in advance what is ready there.
CREATE TABLE debrid_torrents (
    service text NOT NULL CHECK (service IN ('real_debrid', 'all_debrid')),
    info_hash text NOT NULL CHECK (info_hash ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
    seen text NOT NULL CHECK (seen IN ('ready', 'absent', 'refused')),
    reason text,
    learnt_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (info_hash, service)
);
CREATE INDEX debrid_torrents_age ON debrid_torrents (learnt_at) WHERE seen <> 'refused';
