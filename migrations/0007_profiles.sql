-- Quality profiles made on the web, each person's own default and ceiling, and titles with several slots.

CREATE TABLE quality_profiles (
    name text PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
    rules jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- A person without a row has the household's default profile and no ceiling; a profile that is gone counts as none.
CREATE TABLE profile_habits (
    user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    profile text,
    ceiling integer CHECK (ceiling BETWEEN 100 AND 8640)
);

-- One row, moved on in the transaction of every change: processes see by it whether their copy is the newest.
CREATE TABLE profile_revision (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    revision bigint NOT NULL DEFAULT 0
);
INSERT INTO profile_revision DEFAULT VALUES;

CREATE TABLE media_slots (
    media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    position integer NOT NULL CHECK (position >= 0),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    profile text NOT NULL,
    PRIMARY KEY (media_id, position)
);
