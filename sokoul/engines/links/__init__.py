"""Files by HTTP behind the same port as torrents: by ranges, gone on with after a stop, watched meanwhile."""
