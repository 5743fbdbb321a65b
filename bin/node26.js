#!/usr/bin/env node
// Runs a script on the Node this project brings along, whatever Node the machine has.
// Plain JavaScript on purpose: an old Node must be able to read this file.
import { spawn } from 'node:child_process'
import { environmentFor, findNode } from './runtime.js'

const node = findNode()
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: environmentFor(node),
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
