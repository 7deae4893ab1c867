-- name: file
SELECT id, media_id, path, size_bytes, container, duration, bit_rate, video, audio, subtitles, chapters, sidecars
FROM media_files WHERE id = $1 AND state = 'present';

-- name: of_media
SELECT id, media_id, path, size_bytes, container, duration, bit_rate, video, audio, subtitles, chapters, sidecars
FROM media_files WHERE media_id = $1 AND state = 'present' ORDER BY resolution DESC NULLS LAST, path;

-- name: media_id
SELECT id FROM media WHERE media_type = $1 AND tmdb_id = $2;
