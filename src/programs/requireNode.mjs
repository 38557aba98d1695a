// Plain JavaScript, so that a Node which can't run TypeScript can still say so.
import module from "node:module"
import process from "node:process"
import { fileURLToPath } from "node:url"

const oldest = 24

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `Marginalia needs Node ${oldest} or newer, and this is ${process.version}. npm ci installs one for most platforms; ` +
      "it seems to be missing, so install it yourself, or run npm ci without --omit=optional.\n"
  )
  process.exit(1)
}

// Node keeps what it has made of the sources, and starts in half the time from the second time on. Among what was installed, for
// only whoever may write there decides what runs anyway; where that isn't to be written, nothing is kept.
module.enableCompileCache?.(fileURLToPath(new URL("../../node_modules/.cache/marginalia/compiled", import.meta.url)))
