"""The figures Sokoul shows at /metrics; labels are bounded: never a user, title, path or hash."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

# A time of birth beside every figure would double their number and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has not typed it

REGISTRY = CollectorRegistry()


def _counter(name: str, what: str, *labels: str) -> Counter:
    return Counter(name, what, labels, registry=REGISTRY)


def _gauge(name: str, what: str, *labels: str) -> Gauge:
    return Gauge(name, what, labels, registry=REGISTRY)


def _histogram(
    name: str, what: str, *labels: str, buckets: tuple[float, ...] = Histogram.DEFAULT_BUCKETS
) -> Histogram:
    return Histogram(name, what, labels, registry=REGISTRY, buckets=buckets)


API_REQUESTS = _counter("sokoul_api_requests_total", "Requests answered", "endpoint", "method", "status")
# Few buckets, for each is a series of every route; streams are left out, they last as long as a film.
API_DURATION = _histogram(
    "sokoul_api_request_duration_seconds",
    "Time until the answer was made",
    "endpoint",
    "method",
    buckets=(0.005, 0.025, 0.1, 0.5, 2.5, 10),
)
API_REQUEST_SIZE = _counter("sokoul_api_request_size_bytes", "Bytes received in bodies", "endpoint")
API_RESPONSE_SIZE = _counter("sokoul_api_response_size_bytes", "Bytes sent in bodies", "endpoint")

DB_CONNECTIONS_ACTIVE = _gauge("sokoul_db_connections_active", "Connections in use")
DB_POOL_SIZE = _gauge("sokoul_db_pool_size", "Largest number of connections")
DB_QUERIES = _counter("sokoul_db_queries_total", "Uses of a connection")
DB_QUERY_DURATION = _histogram("sokoul_db_query_duration_seconds", "Time a connection was held")

CACHE_HITS = _counter("sokoul_cache_hits_total", "Answers found in the cache", "cache_type")
CACHE_MISSES = _counter("sokoul_cache_misses_total", "Answers not found in the cache", "cache_type")

SEARCH_REQUESTS = _counter("sokoul_search_requests_total", "Searches asked for", "query_type")
SEARCH_RESULTS = _counter("sokoul_search_results_total", "Results received", "provider")
SEARCH_DURATION = _histogram("sokoul_search_duration_seconds", "Whole searches", "query_type")
SEARCH_LATENCY = _histogram("sokoul_search_latency_seconds", "Answers of one provider", "provider")
SEARCH_ERRORS = _counter("sokoul_search_errors_total", "Failed askings", "provider", "error_type")

AI_DURATION = _histogram(
    "sokoul_ai_inference_duration_seconds",
    "Time until a language model's answer was read",
    "query_type",
    "status",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5),
)

WORKER_JOBS = _counter("sokoul_worker_jobs_total", "Jobs ended", "worker_type", "status")
WORKER_DURATION = _histogram("sokoul_worker_job_duration_seconds", "Time a job took", "worker_type")
WORKER_QUEUE = _gauge("sokoul_worker_queue_size", "Jobs in work", "worker_type")
WORKER_ERRORS = _counter("sokoul_worker_errors_total", "Jobs that failed", "worker_type", "error_type")
NATS_DEPTH = _gauge("sokoul_nats_queue_depth", "Messages waiting", "worker_type")

DOWNLOAD_SPEED = _gauge("sokoul_download_speed_bytes_per_second", "Received from peers, all downloads")
DOWNLOAD_BYTES = _counter("sokoul_download_bytes_total", "Payload received")
DOWNLOAD_DURATION = _histogram(
    "sokoul_download_duration_seconds", "From start to import", buckets=(1, 5, 15, 60, 300, 900, 3600, 14400)
)
PEERS = _gauge("sokoul_torrent_peers_connected", "Peers of all torrents")

BROWSER_POOL = _gauge("sokoul_playwright_pool_usage", "Share of the browser's contexts in use")
SCRAPING_SUCCESS = _gauge(
    "sokoul_scraping_success_rate", "Share of the last askings of a page definition that went well", "source"
)

CPU_PERCENT = _gauge("sokoul_system_cpu_percent", "Processor in use")
MEMORY_BYTES = _gauge("sokoul_system_memory_bytes", "Memory", "component")
DISK_FREE = _gauge("sokoul_system_disk_free_bytes", "Free space", "device")


def forget_provider(name: str) -> None:
    """Drop the series of a source that is gone, so that renaming one does not add series for ever."""
    SEARCH_RESULTS.remove_by_labels({"provider": name})
    SEARCH_LATENCY.remove_by_labels({"provider": name})
    SEARCH_ERRORS.remove_by_labels({"provider": name})
