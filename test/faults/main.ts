import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { diceOf } from './dice.ts'
import { storm } from './storm.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    pace: { type: 'string', default: '10' },
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130))
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
const folder = mkdtempSync(path.join(tmpdir(), 'wedsync-storm-'))
chmodSync(folder, 0o711)
const say = (line: string): void =>
  void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)
say(`seed ${seed}, in ${folder}`)
const report = await storm({
  folder,
  forMs: Number(values.minutes) * 60_000,
  dice: diceOf(seed),
  couplesPerSecond: Number(values.pace),
  say,
})
process.stdout.write(
  `${JSON.stringify({ ...report, verdict: { ...report.verdict, lost: report.verdict.lost.length }, violations: report.violations.slice(0, 40), count: report.violations.length }, null, 1)}\n`,
)
if (!values.keep && report.violations.length === 0) rmSync(folder, { recursive: true, force: true })
process.exit(report.violations.length > 0 ? 1 : 0)
