#!/usr/bin/env bash
# Install axe-core, which the browser tests run on the page; once is enough until its pin changes.
set -euo pipefail
cd "$(dirname "$0")"
[ -f node_modules/.installed ] && [ ! package-lock.json -nt node_modules/.installed ] && exit
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || { echo "axe-core is left out, and so are its tests"; exit 0; }
touch node_modules/.installed
