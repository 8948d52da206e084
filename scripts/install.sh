# Sourced by ./run, ./test and ./lock: puts the locked packages into .venv. Needs python3 (3.11 or later) with pip,
# nothing else; in particular no ensurepip, which Debian keeps in a package of its own.

# Certificates as the system has them: offices often have their own.
export UV_SYSTEM_CERTS=1 UV_NO_PROGRESS=1
# Compiled once: where it is forbidden, every start and every command of a test compiles all of Django again.
export UV_COMPILE_BYTECODE=1
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return
        fi
    done
    say 'Cần Python 3.11 trở lên. Trên Debian hoặc Ubuntu: sudo apt-get install python3 python3-pip, rồi chạy lại.'
    exit 1
}

find_pip() {
    "$python" -m pip --version >/dev/null 2>&1 && return
    say 'Python này chưa có pip. Trên Debian hoặc Ubuntu: sudo apt-get install python3-pip, rồi chạy lại.'
    exit 1
}

# uv goes into .tools and touches neither the system nor the home folder. Without it pip does the same, slower.
fetch_uv() {
    [ -x .tools/bin/uv ] && [ "$(cat .tools/lock 2>/dev/null)" = "$(cksum <tools.lock)" ] && return 0
    find_pip
    if "$python" -m pip install -qq --disable-pip-version-check --root-user-action=ignore --require-hashes \
        --upgrade --target .tools -r tools.lock >&2 && .tools/bin/uv --version >/dev/null 2>&1; then
        cksum <tools.lock >.tools/lock
    else
        say 'Không cài được uv; sẽ cài bằng pip, chậm hơn một chút.'
        rm -rf .tools
        return 1
    fi
}

make_environment() {
    # A folder that was moved or copied has the old place written into its scripts.
    if [ -x .venv/bin/python ] && [ "$(cat .venv/place 2>/dev/null)" != "$PWD" ]; then
        if [ -f .venv/place ] || ! .venv/bin/python -c 'import sys, os; sys.exit(not os.path.samefile(sys.prefix, ".venv"))'; then
            rm -rf .venv
        fi
    fi
    if ! .venv/bin/python -c '' 2>/dev/null; then
        rm -rf .venv
        if [ "$with_uv" = 1 ]; then
            UV_PYTHON_DOWNLOADS=never .tools/bin/uv venv --quiet --python "$python" .venv
        else
            "$python" -m venv --without-pip .venv
        fi
    fi
    printf '%s' "$PWD" >.venv/place
}

pip_install() {
    if [ "$with_uv" = 1 ]; then
        .tools/bin/uv pip install --quiet --python .venv/bin/python "$@" && return 0
        say 'uv không tải được gói; thử lại bằng pip.'
    fi
    find_pip
    "$python" -m pip --python .venv/bin/python install -qq --disable-pip-version-check --root-user-action=ignore "$@" >&2
}

# install LOCK: the packages of LOCK with their hashes, and this package itself. Does nothing when it was done before.
install() {
    find_python
    stamp=.venv/installed-$1
    wanted="$(cat "$1" pyproject.toml | cksum) $PWD"
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c 'import thidua' 2>/dev/null; then
        return 0
    fi
    say "Đang cài các gói cần thiết vào .venv …"
    with_uv=1
    fetch_uv || with_uv=0
    make_environment
    if ! pip_install --require-hashes -r "$1"; then
        say 'Không cài được các gói. Hãy kiểm tra đường mạng (hoặc cấu hình pip của máy) rồi chạy lại; có thể chạy lại nhiều lần.'
        exit 1
    fi
    pip_install --no-deps --no-build-isolation --editable .
    printf '%s' "$wanted" >"$stamp"
}
