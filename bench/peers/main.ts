import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { runBench, type Source } from '../harness/bench.ts'

/**
 * `npm run bench:peers`: ours, the raw ceiling and everybody else in one run. The peers are installed on
 * demand from their own lock file; `npm install` of the product never sees them.
 */
const HERE = fileURLToPath(new URL('.', import.meta.url))
const OURS = new URL('../ours.ts', import.meta.url)
const CEILING = new URL('../harness/raw.ts', import.meta.url)
const PEERS = ['bullmq', 'graphile-worker', 'pg-boss', 'restate', 'dbos', 'openworkflow', 'absurd']

async function install(): Promise<void> {
  if (await isInstalled()) return
  process.stderr.write('installing the peers (npm ci in bench/peers)\n')
  try {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: HERE })
  } catch (cause) {
    // Ours and the ceiling are still worth measuring; each peer then tells what it misses.
    process.stderr.write(`npm could not install them: ${complaintOf(cause)}\n`)
  }
}

/** What npm complains about, without its manual. */
function complaintOf(cause: unknown): string {
  const complaints = String(cause)
    .split('\n')
    .filter((line) => line.startsWith('npm error '))
  return complaints.length > 0 ? complaints.slice(0, 3).join('; ') : String(cause)
}

/** npm writes this file last, so an installation that was broken off is made again. */
async function isInstalled(): Promise<boolean> {
  try {
    const [installed, locked] = await Promise.all(
      ['node_modules/.package-lock.json', 'package-lock.json'].map((file) =>
        stat(new URL(file, import.meta.url)),
      ),
    )
    return installed!.mtimeMs >= locked!.mtimeMs
  } catch {
    return false
  }
}

async function sources(): Promise<Source[]> {
  await install()
  const needed = [...(existsSync(OURS) ? [OURS] : []), CEILING].map(({ href }) => ({ module: href }))
  const peers = PEERS.map((name) => ({ module: new URL(`${name}.ts`, import.meta.url).href, optional: true }))
  return [...needed, ...peers]
}

async function versions(): Promise<Record<string, string>> {
  const file = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8')) as {
    dependencies: Record<string, string>
  }
  return file.dependencies
}

process.exitCode = await runBench(process.argv.slice(2), sources, async () => ({
  versions: await versions(),
}))
