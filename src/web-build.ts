import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/**
 * Keeps dist/web in step with its sources. The stamp is a digest of what the app is made of, so that neither a
 * fresh clone nor a copied image is built twice, and a pulled change is never forgotten (adr/0013).
 */
const ROOT = path.join(import.meta.dirname, '..')
export const WEB_FOLDER = path.join(ROOT, 'dist', 'web')
const STAMP = 'made-of'
/** Characters kept of what the builder says when it fails. */
const SAID_MAX = 4_000
/** Everything the browser may come to hold. */
const MADE_OF = ['src/web', 'src/ui', 'src/contract', 'src/core', 'src/modules', 'src/triggers']
const MADE_WITH = ['vite.config.ts', 'package-lock.json', 'tsconfig.web.json']
const COMPRESSED = /\.(js|css|html|svg|txt)$/
/** Below this a compressed copy saves nothing worth a file. */
const COMPRESS_FROM_BYTES = 600

/** False when there is no app and none can be made: the builder is a development dependency. */
export async function ensureWebApp(say: (line: string) => void, force = false): Promise<boolean> {
  const digest = await digestOfSources()
  const made = stampNow()
  // An image brings the built app and no sources.
  if (made !== null && (made === digest || digest === null) && !force) return true
  const builder = digest === null ? null : findBuilder()
  if (!builder || digest === null) {
    say(
      made === null
        ? 'The web app is not built, and its builder is not installed. Run: npm install --include=dev && npm run build:web'
        : 'The web app is older than its sources, and its builder is not installed. The older one is shown.',
    )
    return made !== null
  }
  const startedAt = performance.now()
  say(made === null ? 'Building the web app, once …' : 'The web app has changed, building it again …')
  const next = `${WEB_FOLDER}.next-${process.pid}`
  try {
    await build(builder, next)
    await compressAll(next)
    await writeFile(path.join(next, STAMP), digest)
    // Two programs may start at once: each builds beside, and whoever comes last replaces the same with the same.
    await rm(WEB_FOLDER, { recursive: true, force: true })
    await rename(next, WEB_FOLDER)
  } catch (error) {
    await rm(next, { recursive: true, force: true })
    if (stampNow() === digest) return true
    say(`The web app could not be built: ${error instanceof Error ? error.message : error}`)
    return stampNow() !== null
  }
  say(`The web app is built (${((performance.now() - startedAt) / 1_000).toFixed(1)} s).`)
  return true
}

function stampNow(): string | null {
  const stamp = path.join(WEB_FOLDER, STAMP)
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : null
}

function findBuilder(): string | null {
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  } catch {
    return null
  }
}

/** In a process of its own: its memory goes with it, and it builds for production whatever we run as. */
function build(builder: string, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [builder, 'build', '--outDir', folder, '--logLevel', 'warn'], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said = (said + chunk).slice(-SAID_MAX)
      })
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(said.trim() || `exit ${code}`))))
  })
}

async function digestOfSources(): Promise<string | null> {
  if (!existsSync(path.join(ROOT, 'src/web/main.tsx'))) return null
  const files = [...MADE_WITH]
  for (const folder of MADE_OF) {
    for (const entry of await readdir(path.join(ROOT, folder), { recursive: true, withFileTypes: true }))
      if (entry.isFile() && !entry.name.endsWith('.test.ts'))
        files.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)))
  }
  const digest = createHash('sha256')
  for (const file of files.sort()) {
    digest.update(file.split(path.sep).join('/'))
    digest.update(await readFile(path.join(ROOT, file)))
  }
  return digest.digest('hex')
}

async function compressAll(folder: string): Promise<void> {
  const brotli = promisify(brotliCompress)
  const zip = promisify(gzip)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  await Promise.all(
    entries
      .filter((entry) => entry.isFile() && COMPRESSED.test(entry.name) && entry.name !== 'index.html')
      .map(async (entry) => {
        const file = path.join(entry.parentPath, entry.name)
        const body = await readFile(file)
        if (body.byteLength < COMPRESS_FROM_BYTES) return
        await writeFile(`${file}.gz`, await zip(body, { level: 9 }))
        await writeFile(
          `${file}.br`,
          await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
        )
      }),
  )
}
