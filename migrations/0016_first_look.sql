-- What the first look into a file that still comes in has shown: {"facts": …} or {"problem": "…"}.
ALTER TABLE download_files ADD COLUMN seen jsonb;
