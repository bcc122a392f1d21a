# What everybody runs; CI calls the same lines.
lint:
    .venv/bin/ruff check . && .venv/bin/ruff format --check .
types:
    .venv/bin/python -m pytest -m "" -n 0 tests/test_types.py
quick:
    .venv/bin/python -m pytest tests/vocabulary tests/statistics tests/words tests/figures tests/files tests/test_architecture.py tests/test_sql.py tests/test_requirements.py tests/answer/test_shapes.py
test:
    .venv/bin/python -m pytest -m ""
lock:
    for f in requirements requirements-spark tests/requirements tests/spark/requirements; do .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 $f.txt -o $f.lock; done
