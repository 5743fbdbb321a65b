#!/usr/bin/env node
// The command `wedsync`: starts src/cli/main.ts on the Node this project brings along.
// Plain JavaScript on purpose: an old Node must be able to read this file.
//
// The program outlives neither this launcher nor npm: a channel to it closes with us, however we end, and it
// drains and exits (src/cli/told-to-stop.ts). One Ctrl-C arrives several times, from the terminal, from npm
// and here; so this launcher alone counts: the first asks the program to stop, a later one forces it.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'
import { environmentFor, findNode } from './runtime.js'

const SAME_KEYPRESS_MS = 500
const FORCE_AFTER_MS = 2000
const LOOK_FOR_NPM_EVERY_MS = 1000

const node = findNode()
const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url))
const child = spawn(node, ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: environmentFor(node),
})

let askedAt = 0
function stop() {
  const now = Date.now()
  if (askedAt > 0 && now - askedAt < SAME_KEYPRESS_MS) return
  if (askedAt > 0) setTimeout(() => child.kill('SIGKILL'), FORCE_AFTER_MS).unref()
  askedAt = now
  // On Windows a signal would end the program without a chance to drain.
  if (process.platform === 'win32' && child.connected) child.send({ stop: true })
  else child.kill('SIGTERM')
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)

// Under npm the parent is npm (or its shell). When it vanishes nobody can press Ctrl-C any more. Elsewhere a
// parent may leave rightly: `nohup wedsync start &`.
const parent = process.ppid
if (process.env.npm_lifecycle_event) {
  setInterval(() => {
    if (process.ppid !== parent && askedAt === 0) stop()
  }, LOOK_FOR_NPM_EVERY_MS).unref()
}

child.on('error', (error) => {
  console.error(`WedSync cannot be started: ${error.message}`)
  process.exit(69)
})
child.on('exit', (code, signal) => {
  process.exit(signal ? 128 + (constants.signals[signal] || 0) : code === null ? 1 : code)
})
