"""Web pages as sources, each described by a YAML definition."""
