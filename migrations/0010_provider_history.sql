-- How the outside sources fared: the last askings whole, all of them by the hour, and what is known now.
CREATE TABLE provider_asks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider text NOT NULL,
    at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('ok', 'failed', 'timeout')),
    took_ms integer NOT NULL,
    results integer,
    error text,
    cure text
);
CREATE INDEX provider_asks_newest ON provider_asks (provider, id DESC);

-- `times` counts the askings by how long they took, in steps that the program knows.
CREATE TABLE provider_hours (
    provider text NOT NULL,
    hour timestamptz NOT NULL,
    asked integer NOT NULL,
    ok integer NOT NULL,
    failed integer NOT NULL,
    timeout integer NOT NULL,
    results bigint NOT NULL,
    times integer[] NOT NULL,
    PRIMARY KEY (provider, hour)
);
CREATE INDEX provider_hours_hour ON provider_hours (hour);

CREATE TABLE provider_states (
    provider text PRIMARY KEY,
    failures integer NOT NULL DEFAULT 0,
    rests_until timestamptz,
    last_outcome text NOT NULL CHECK (last_outcome IN ('ok', 'failed', 'timeout')),
    last_asked_at timestamptz NOT NULL,
    last_ok_at timestamptz,
    last_error_at timestamptz,
    last_error text,
    last_cure text
);
