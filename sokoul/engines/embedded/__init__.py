"""Private PostgreSQL, Valkey and NATS of one daemon: started, watched, started again, ended."""
