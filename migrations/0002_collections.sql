-- Ordered lists of titles that a person makes, for themself or for everyone in the house.

CREATE TABLE collections (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    description text NOT NULL DEFAULT '' CHECK (length(description) <= 2000),
    public boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX collections_owner ON collections (owner_id);
CREATE INDEX collections_public ON collections (lower(name)) WHERE public;

CREATE TABLE collection_media (
    collection_id uuid NOT NULL REFERENCES collections ON DELETE CASCADE,
    media_id uuid NOT NULL REFERENCES media ON DELETE CASCADE,
    position integer NOT NULL CHECK (position >= 0),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (collection_id, media_id)
);
CREATE INDEX collection_media_order ON collection_media (collection_id, position, added_at);
CREATE INDEX collection_media_media ON collection_media (media_id);
