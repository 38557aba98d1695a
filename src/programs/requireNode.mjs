// Plain JavaScript, so that a Node which can't run TypeScript can still say so.
import process from "node:process"

const oldest = 24

if (Number.parseInt(process.versions.node, 10) < oldest) {
  process.stderr.write(
    `Marginalia needs Node ${oldest} or newer, and this is ${process.version}. npm ci installs one for most platforms; ` +
      "it seems to be missing, so install it yourself, or run npm ci without --omit=optional.\n"
  )
  process.exit(1)
}
