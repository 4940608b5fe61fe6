#!/bin/sh
# Installs cdrp-xl from this folder, without a network, for you alone.
cd "$(dirname "$0")" || exit 1
for python in python3.13 python3.12 python3.11 python3; do
    if command -v "$python" >/dev/null && "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
        exec "$python" install.py
    fi
done
cat "READ ME FIRST.txt"
echo "No Python 3.11, 3.12 or 3.13 was found. What to ask IT for is above, under \"If there is no Python\"."
exit 1
