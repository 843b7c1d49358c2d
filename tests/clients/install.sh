#!/usr/bin/env bash
# Install what the client bots need, each library in an environment of its own; with names, only those.
# What is there already and has not changed is left alone. One that cannot be fetched is left out, and so are its tests; if
# it was named that is an error.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3}
libraries=("$@")
[ $# -gt 0 ] || libraries=(ptb aiogram telebot grammy telegraf)

installed() { # library, what its pins are in: newer than the last installation?
  [ -f "$1/.installed" ] && [ ! "$2" -nt "$1/.installed" ]
}

install() { # library
  case $1 in
    ptb | aiogram | telebot)
      environment=.venv-$1
      installed "$environment" "$1/requirements.txt" && return
      "$python" -m venv "$environment" &&
        "$environment/bin/python" -m pip install --disable-pip-version-check --quiet -r "$1/requirements.txt" &&
        touch "$environment/.installed"
      ;;
    grammy | telegraf)
      installed "$1/node_modules" "$1/package-lock.json" && return
      command -v npm >/dev/null || { echo "there is no npm" && return 1; }
      (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) && touch "$1/node_modules/.installed"
      ;;
    *)
      echo "no such library: $1" >&2
      exit 1
      ;;
  esac
}

for library in "${libraries[@]}"; do
  if ! install "$library"; then
    echo "$library is left out, and so are its tests"
    [ $# -eq 0 ] || exit 1
  fi
done
