# What everybody runs; CI calls the same lines.
lint:
    .venv/bin/ruff check . && .venv/bin/ruff format --check .
types:
    .venv/bin/python -m pytest -m "" -n 0 tests/test_types.py
quick:
    .venv/bin/python -m pytest
test:
    .venv/bin/python -m pytest -m ""
lock:
    for f in requirements tests/requirements; do .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 $f.txt -o $f.lock; done
