#!/usr/bin/env bash
# Install what the client bots need, each library in an environment of its own; with names, only those.
# What is there already and has not changed is left alone.
set -euo pipefail
cd "$(dirname "$0")"
python=${PYTHON:-python3}
libraries=("$@")
[ $# -gt 0 ] || libraries=(ptb aiogram telebot grammy telegraf)

installed() { # library, what its pins are in: newer than the last installation?
  [ -f "$1/.installed" ] && [ ! "$2" -nt "$1/.installed" ]
}

for library in "${libraries[@]}"; do
  case $library in
    ptb | aiogram | telebot)
      environment=.venv-$library
      installed "$environment" "$library/requirements.txt" && continue
      "$python" -m venv "$environment"
      "$environment/bin/python" -m pip install --disable-pip-version-check --quiet -r "$library/requirements.txt"
      touch "$environment/.installed"
      ;;
    grammy | telegraf)
      if ! command -v npm >/dev/null; then
        echo "$library is left out: there is no npm (Node 20 or newer)"
        continue
      fi
      installed "$library/node_modules" "$library/package-lock.json" && continue
      (cd "$library" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
      touch "$library/node_modules/.installed"
      ;;
    *)
      echo "no such library: $library" >&2
      exit 1
      ;;
  esac
done
