#!/bin/sh
# packages.sh WORKSPACE...: the npm packages that these workspaces need at run time, as the lock file has
# them, and nothing else. `npm ci --workspace` would bring what their tests need too.
set -eu

for manifest in */package.json; do
  folder=${manifest%/package.json}
  case " $* " in
    *" $folder "*) ;;
    *) rm -r "$folder" ;;
  esac
done
node -e '
  const { readFileSync, writeFileSync } = require("node:fs");
  const workspaces = process.argv.slice(1);
  for (const folder of [".", ...workspaces]) {
    const file = `${folder}/package.json`;
    const { devDependencies, scripts, ...manifest } = JSON.parse(readFileSync(file, "utf8"));
    if (folder === ".") manifest.workspaces = workspaces;
    writeFileSync(file, JSON.stringify(manifest, null, 2));
  }
' "$@"
npm ci --omit=dev --no-progress
rm packages.sh package-lock.json .npmrc
