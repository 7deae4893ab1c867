-- Judgements are kept as the ids of sentences with their values, so that they can be said in every language.

ALTER TABLE search_results
    ADD COLUMN notes jsonb NOT NULL DEFAULT '[]';      -- what would have turned it down, had nobody searched by hand

-- What was written in English before stays so until it expires.
UPDATE search_results SET
    rejections = (
        SELECT coalesce(jsonb_agg(jsonb_build_object('code', told ->> 'code', 'kind', (told ->> 'code') || '.told',
            'values', jsonb_build_object('en', told ->> 'message'), 'weight', 'permanent') ORDER BY place), '[]')
        FROM jsonb_array_elements(rejections) WITH ORDINALITY AS one(told, place)),
    score_reasons = (
        SELECT coalesce(jsonb_agg(jsonb_build_object('points', told -> 'points', 'kind', (told ->> 'code') || '.told',
            'values', jsonb_build_object('en', told ->> 'reason')) ORDER BY place), '[]')
        FROM jsonb_array_elements(score_reasons) WITH ORDINALITY AS one(told, place));
