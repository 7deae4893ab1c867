-- What the library's lists are found and ordered by, and what undoes a removal.

-- Every name a title goes by, folded, for a search that forgives typing errors. concat_ws() and
-- array_to_string() are only STABLE because of types whose output can change; text is not one of them.
CREATE FUNCTION media_names(title text, original_title text, aliases text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT public.fold(concat_ws(' / ', title, original_title, array_to_string(aliases[1:20], ' / '))) $$;

ALTER TABLE media
    ADD COLUMN names text GENERATED ALWAYS AS (media_names(title, original_title, aliases)) STORED,
    ADD COLUMN sort_title text GENERATED ALWAYS AS (public.fold(title)) STORED;

DROP INDEX media_title_trigrams;
DROP INDEX media_type_title;
CREATE INDEX media_names_trigrams ON media USING gin (names gin_trgm_ops);
CREATE INDEX media_order ON media (media_type, sort_title, id);
CREATE INDEX media_genres ON media USING gin (genres);
CREATE INDEX media_imdb ON media (imdb_id) WHERE imdb_id IS NOT NULL;

-- Titles that sound like what was typed, which comes folded: folding it here would be done again for every row.
-- The setting belongs to the function, so that the index serves at a threshold that lets wrong letters pass.
CREATE FUNCTION media_like(folded text) RETURNS TABLE (id uuid, likeness real)
    LANGUAGE sql STABLE PARALLEL SAFE
    SET pg_trgm.word_similarity_threshold = 0.4
    AS $$
        SELECT m.id, word_similarity(folded, m.names)
                     + CASE WHEN m.sort_title = folded THEN 1 ELSE 0 END
                     + similarity(folded, m.sort_title) / 2
        FROM media m WHERE m.names %> folded
    $$;

-- Subtitle files that lie beside the video; what is inside the container stands in `subtitles`.
ALTER TABLE media_files ADD COLUMN sidecars jsonb NOT NULL DEFAULT '[]';
CREATE INDEX media_files_state ON media_files (state) WHERE state <> 'present';
CREATE INDEX bin_removed ON bin (removed_at DESC);
CREATE INDEX bin_title ON bin ((media ->> 'id'));
