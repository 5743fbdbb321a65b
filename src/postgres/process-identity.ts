import { execFileSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'

/**
 * Which process, beyond its number: numbers are used again. Start time tells two with one number apart; boot
 * and number space tell whether this system can judge at all (a container sees another's numbers as free).
 */
export type ProcessIdentity = {
  readonly pid: number
  readonly startedAt: string
  readonly boot: string
  readonly space: string
}

export type Judgement = 'alive' | 'dead' | 'elsewhere'

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: startOf(process.pid) ?? '', ...whereWeAre() }
}

export function judge(identity: ProcessIdentity): Judgement {
  const here = whereWeAre()
  if (identity.boot !== here.boot || identity.space !== here.space) return 'elsewhere'
  const startedAt = startOf(identity.pid)
  return startedAt !== null && startedAt === identity.startedAt ? 'alive' : 'dead'
}

/**
 * Whether that process is certainly over: its number is free, belongs to another, or is kept for a dead one that
 * nobody has buried. Whatever this system cannot see (another machine or container, a hidden process) is not gone.
 */
export function isGone({ pid, startedAt, boot, space }: ProcessIdentity): boolean {
  const here = whereWeAre()
  if (boot === '' || boot !== here.boot || space !== here.space) return false
  if (!exists(pid)) return true
  try {
    return linuxStart(pid) !== startedAt
  } catch {
    return false
  }
}

/** When this process began, in whatever words the system has; null when there is none. */
export function startOf(pid: number): string | null {
  if (!exists(pid)) return null
  try {
    if (process.platform === 'linux') return linuxStart(pid)
    if (process.platform === 'win32')
      return ask('powershell', ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.Ticks`])
    return ask('ps', ['-o', 'lstart=', '-p', String(pid)])
  } catch {
    return null
  }
}

export function exists(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function linuxStart(pid: number): string | null {
  // The name in parentheses may hold anything, so fields are counted from the last one.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state] = fields
  return state === 'Z' || state === 'X' ? null : (fields[19] ?? null)
}

function ask(command: string, args: string[]): string | null {
  const said = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  return said === '' ? null : said
}

function whereWeAre(): { boot: string; space: string } {
  if (process.platform !== 'linux') return { boot: '', space: '' }
  return {
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    space: readlinkSync('/proc/self/ns/pid'),
  }
}
