#!/bin/sh
# The one check command. Runs every step even when an earlier one fails, and names the failed ones at the end.
cd "$(dirname "$0")/.." || exit 1
export DJANGO_SETTINGS_MODULE=config.settings
PATH=$PWD/.venv/bin:$PATH
failed=

step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed="$failed, $name"
}

step 'format' ruff format --check --quiet
step 'lint' ruff check --quiet
step 'types' mypy
step 'imports' lint-imports --no-logo
step 'migrations' python -m django makemigrations --check --dry-run
step 'tests' python -m pytest -q -n auto --maxprocesses 4 --dist worksteal
step 'tests on PostgreSQL' python tests/postgres.py python -m pytest -q -n auto --maxprocesses 4 --dist worksteal -m database

if [ -n "$failed" ]; then
    printf '\nFailed: %s\n' "${failed#, }"
    exit 1
fi
