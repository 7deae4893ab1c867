-- What works are about: told by catalogues of works owned or not, as words and as vectors.

-- Every work that a search, a page or a list of a catalogue told of; what stands in `media` is told more of here.
CREATE TABLE known_works (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    media_type text NOT NULL CHECK (media_type IN ('movie', 'tv')),
    tmdb_id integer NOT NULL,
    title text NOT NULL CHECK (title <> ''),
    original_title text,
    year integer CHECK (year BETWEEN 1870 AND 2200),
    overview text,
    english text,                         -- the description in English, where `overview` is in another language
    genres text[] NOT NULL DEFAULT '{}',
    people text[] NOT NULL DEFAULT '{}',  -- who plays and who made it
    keywords text[] NOT NULL DEFAULT '{}',
    rating real CHECK (rating BETWEEN 0 AND 10),
    popularity real NOT NULL DEFAULT 0,
    runtime_minutes integer CHECK (runtime_minutes BETWEEN 0 AND 10000),
    original_language text,
    poster_url text,
    backdrop_url text,
    embedding vector(384),
    embedded_as text,                     -- model and digest of the text that `embedding` was made of
    embedded_at timestamptz,
    told_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (media_type, tmdb_id)
);

-- concat_ws() and array_to_string() are only STABLE because of types whose output can change; text is not one of them.
CREATE FUNCTION telling_words(title text, original_title text, overview text, english text, labels text[])
    RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT to_tsvector('pg_catalog.simple', public.fold(
        concat_ws(' ', title, original_title, left(overview, 5000), left(english, 5000), array_to_string(labels, ' ')))) $$;
CREATE FUNCTION telling_digest(title text, overview text, english text, labels text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT md5(concat_ws('|', title, overview, english, array_to_string(labels, ','))) $$;

ALTER TABLE known_works ADD COLUMN words tsvector
    GENERATED ALWAYS AS (telling_words(title, original_title, overview, english, people || keywords)) STORED;
ALTER TABLE media
    ADD COLUMN embedded_as text,
    ADD COLUMN embedded_at timestamptz,
    ADD COLUMN words tsvector GENERATED ALWAYS AS (telling_words(title, original_title, overview, NULL, NULL)) STORED;

CREATE INDEX known_works_words ON known_works USING gin (words);
CREATE INDEX known_works_title ON known_works (fold(title));
CREATE INDEX known_works_popular ON known_works (popularity DESC);
CREATE INDEX known_works_embedded ON known_works (embedded_at) WHERE embedded_at IS NOT NULL;
CREATE INDEX known_works_told ON known_works (told_at);
CREATE INDEX media_words ON media USING gin (words) WHERE media_type <> 'episode';
CREATE INDEX media_embedded ON media (embedded_at) WHERE embedded_at IS NOT NULL;
-- What was found for a title before tells how soon it can be had.
CREATE INDEX searches_identified ON searches (((identified ->> 'tmdb_id')::integer)) WHERE identified IS NOT NULL;

-- One row a work: the library's titles with what else is told of them, then those only heard of.
CREATE VIEW stories AS
SELECT m.id, true AS listed, m.media_type, m.tmdb_id, m.title, m.original_title, m.year,
    coalesce(m.overview, k.overview) AS overview, k.english,
    CASE WHEN m.genres = '{}' THEN coalesce(k.genres, '{}') ELSE m.genres END AS genres,
    coalesce(k.people, '{}') AS people, coalesce(k.keywords, '{}') AS keywords,
    coalesce(m.rating, k.rating) AS rating, coalesce(k.popularity, 0) AS popularity,
    coalesce(m.runtime_minutes, k.runtime_minutes) AS runtime_minutes,
    coalesce(m.original_language, k.original_language) AS original_language,
    coalesce(m.poster_url, k.poster_url) AS poster_url, coalesce(m.backdrop_url, k.backdrop_url) AS backdrop_url,
    m.embedded_as, m.created_at AS since,
    telling_digest(m.title, coalesce(m.overview, k.overview), k.english,
        CASE WHEN m.genres = '{}' THEN coalesce(k.genres, '{}') ELSE m.genres END || coalesce(k.keywords, '{}')) AS digest
FROM media m LEFT JOIN known_works k ON k.media_type = m.media_type AND k.tmdb_id = m.tmdb_id
WHERE m.media_type <> 'episode'
UNION ALL
SELECT k.id, false, k.media_type, k.tmdb_id, k.title, k.original_title, k.year, k.overview, k.english, k.genres,
    k.people, k.keywords, k.rating, k.popularity, k.runtime_minutes, k.original_language, k.poster_url,
    k.backdrop_url, k.embedded_as, k.told_at, telling_digest(k.title, k.overview, k.english, k.genres || k.keywords)
FROM known_works k
WHERE NOT EXISTS (SELECT 1 FROM media m WHERE m.media_type = k.media_type AND m.tmdb_id = k.tmdb_id
                  AND m.media_type IN ('movie', 'tv'));
