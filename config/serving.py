"""How the web server is started, said once: by `make run`, by the tests and by `make cluster`."""

from __future__ import annotations


def web(host: str, port: int, *, grace_s: int = 2) -> list[str]:
    """Return the words after `python` that serve the site."""
    site = ["-m", "uvicorn", "config.asgi:application", "--host", host, "--port", str(port)]
    ours = ["--http", "config.entrance:Entrance", "--ws", "config.server:Sockets"]
    end = ["--lifespan", "on", "--no-access-log", "--timeout-graceful-shutdown", str(grace_s)]
    return [*site, *ours, *end]
