import path from 'node:path'
import { z } from 'zod'
import type { Problem } from './core/problem.ts'
import { Refusal } from './core/refusal.ts'

/**
 * The environment, read once and made into one typed value. Nobody else reads it. Everything is optional: without
 * any of it the product runs on its own database and sends nothing out of the house.
 */
export type Config = {
  readonly port: number
  readonly host: string
  readonly data: string
  readonly databaseUrl: string | null
  readonly redisUrl: string | null
  readonly role: 'all' | 'api' | 'worker'
  /** Worker processes beside this one; 0: this process does the work itself. */
  readonly workers: number
  /** When more than `workers`, their number follows the load between the two. */
  readonly workersMax: number
  /** How long turns of runs and attempts of sending are kept. */
  readonly logKeepDays: number
  /** Backups that the program makes by itself; null: somebody else does. */
  readonly backups: BackupSchedule | null
  readonly key: { readonly text: string } | { readonly file: string }
  readonly url: string
  /** The id of the installation that may send; anything else, and nothing leaves the house. */
  readonly sendingFor: string | null
  readonly smtp: { readonly url: string; readonly from: string } | null
  /** Whether a business's own mail server may lie in an inner network. */
  readonly innerMail: boolean
  /** Whether anybody may have a link mailed by which they open a business. */
  readonly signUpOpen: boolean
  /** Requests that the API keys of one vendor may send together in a minute. */
  readonly keyRequestsPerMinute: number
  /** How many proxies of one's own stand before the web server, each adding to X-Forwarded-For. */
  readonly proxies: number
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

export type BackupSchedule = {
  readonly folder: string
  readonly everyHours: number
  /** How many of its own files lie there at most. */
  readonly keep: number
}

export type Setting = { readonly name: string; readonly meaning: string; readonly fallback: string }

/** More processes than this on one machine help nobody. */
const WORKERS_MAX = 50
const PROXIES_MAX = 10
/** Three years: a long engagement, the wedding, and the year in which somebody asks what was sent. */
const LOG_KEEP_DAYS = 1_095
/** Less, and what a couple was sent before their last meeting could not be told any more. */
const LOG_KEEP_DAYS_MIN = 92
const LOG_KEEP_DAYS_MAX = 36_500
const BACKUP_EVERY_HOURS = 24
const BACKUP_EVERY_HOURS_MAX = 720
const BACKUPS_KEPT = 7
const BACKUPS_KEPT_MAX = 1_000

/** Every setting there is, for `doctor` and the documentation. */
export const SETTINGS_KNOWN: readonly Setting[] = [
  { name: 'PORT', meaning: 'port of the web server', fallback: '3000' },
  { name: 'HOST', meaning: 'address it listens on', fallback: '127.0.0.1' },
  { name: 'WEDSYNC_DATA', meaning: 'folder of the embedded database', fallback: './data' },
  {
    name: 'DATABASE_URL',
    meaning: 'your own PostgreSQL, 15 or newer, instead of the embedded one',
    fallback: 'embedded',
  },
  {
    name: 'REDIS_URL',
    meaning: 'Redis for the doorbell between machines',
    fallback: 'none: in process and by PostgreSQL',
  },
  { name: 'WEDSYNC_ROLE', meaning: 'what this process does: all, api or worker', fallback: 'all' },
  { name: 'WEDSYNC_WORKERS', meaning: 'worker processes to keep beside this one', fallback: '0' },
  {
    name: 'WEDSYNC_WORKERS_MAX',
    meaning: 'the most of them, when their number shall follow the load',
    fallback: 'WEDSYNC_WORKERS: always as many',
  },
  {
    name: 'WEDSYNC_KEY',
    meaning: 'master key, 32 random bytes in base64',
    fallback: 'a key file beside the data folder, made once',
  },
  { name: 'WEDSYNC_URL', meaning: 'public address', fallback: 'http://HOST:PORT' },
  {
    name: 'WEDSYNC_SENDING',
    meaning: 'the id of this installation, to let messages leave the house',
    fallback: 'off: captured mailbox',
  },
  {
    name: 'WEDSYNC_SMTP_URL',
    meaning: 'mail server, smtp://user:password@host:587 or smtps://…',
    fallback: 'none',
  },
  { name: 'WEDSYNC_FROM', meaning: 'sender address of mails', fallback: 'none' },
  {
    name: 'WEDSYNC_INNER_MAIL',
    meaning: "allow: mail servers that businesses enter may lie in this house's inner network",
    fallback: 'forbid',
  },
  {
    name: 'WEDSYNC_SIGNUP',
    meaning:
      'open: anybody may open a business by a mailed link; closed: only with a link of "wedsync owner-link"',
    fallback: 'closed',
  },
  {
    name: 'WEDSYNC_LOG_KEEP_DAYS',
    meaning: 'days for which the history of runs and of attempts to send is kept, by quarters of a year',
    fallback: String(LOG_KEEP_DAYS),
  },
  {
    name: 'WEDSYNC_BACKUP_FOLDER',
    meaning: 'where the program puts backups of itself, each proved; off: it makes none',
    fallback: 'embedded: beside the data folder, its name with -backups; your own PostgreSQL: off',
  },
  {
    name: 'WEDSYNC_BACKUP_HOURS',
    meaning: 'hours from one backup to the next',
    fallback: String(BACKUP_EVERY_HOURS),
  },
  {
    name: 'WEDSYNC_BACKUPS_KEPT',
    meaning: 'how many of its backups it keeps; older ones go when a newer one is proved',
    fallback: String(BACKUPS_KEPT),
  },
  {
    name: 'WEDSYNC_KEY_REQUESTS',
    meaning: 'requests that the API keys of one business may send together in a minute',
    fallback: '100',
  },
  {
    name: 'WEDSYNC_PROXIES',
    meaning: 'how many proxies of your own stand before it, each adding to X-Forwarded-For',
    fallback: '0: whoever holds the line is who asks',
  },
  { name: 'WEDSYNC_LOG', meaning: 'debug, info, warn, error or silent', fallback: 'info' },
]

/** What a setting must be is said in one way, whatever is wrong with it. */
const whole = (min: number, max: number) => {
  const must = `a whole number from ${min} to ${max}`
  return z.coerce.number(must).int(must).min(min, must).max(max, must)
}
const oneOf = <const Word extends string>(...words: readonly [Word, ...Word[]]) =>
  z.enum(words, `one of ${words.join(', ')}`)
/** The number of a database may stand behind the address, and nothing else. */
const isRedis = (address: string): boolean =>
  /^rediss?:\/\//.test(address) && URL.canParse(address) && /^\/?\d*$/.test(new URL(address).pathname)
const PORT_MAX = 65_535
const KEY_REQUESTS_MAX = 1_000_000
const environment = z.object({
  PORT: whole(0, PORT_MAX).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  WEDSYNC_DATA: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'an address such as postgres://user:password@host/database')
    .optional(),
  REDIS_URL: z
    .string()
    .refine(isRedis, 'an address such as redis://host:6379, or redis://host:6379/2 for a database of its own')
    .optional(),
  WEDSYNC_ROLE: oneOf('all', 'api', 'worker').default('all'),
  WEDSYNC_KEY_REQUESTS: whole(1, KEY_REQUESTS_MAX).default(100),
  WEDSYNC_PROXIES: whole(0, PROXIES_MAX).default(0),
  WEDSYNC_WORKERS: whole(0, WORKERS_MAX).default(0),
  WEDSYNC_WORKERS_MAX: whole(1, WORKERS_MAX).optional(),
  WEDSYNC_KEY: z.string().min(1).optional(),
  WEDSYNC_URL: z.url('an address such as https://journeys.example.org').optional(),
  WEDSYNC_SENDING: z.string().optional(),
  WEDSYNC_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'an address such as smtp://user:password@host:587')
    .optional(),
  WEDSYNC_FROM: z.email('an address such as hello@example.org').optional(),
  WEDSYNC_INNER_MAIL: oneOf('allow', 'forbid').default('forbid'),
  WEDSYNC_SIGNUP: oneOf('open', 'closed').default('closed'),
  WEDSYNC_LOG_KEEP_DAYS: whole(LOG_KEEP_DAYS_MIN, LOG_KEEP_DAYS_MAX).default(LOG_KEEP_DAYS),
  WEDSYNC_BACKUP_FOLDER: z.string().min(1).optional(),
  WEDSYNC_BACKUP_HOURS: whole(1, BACKUP_EVERY_HOURS_MAX).default(BACKUP_EVERY_HOURS),
  WEDSYNC_BACKUPS_KEPT: whole(1, BACKUPS_KEPT_MAX).default(BACKUPS_KEPT),
  WEDSYNC_LOG: oneOf('debug', 'info', 'warn', 'error', 'silent').default('info'),
})

/** Reads the settings; refuses with every problem at once, each named by its variable. */
export function readConfig(env: { readonly [name: string]: string | undefined }): Config {
  const given = Object.fromEntries(
    SETTINGS_KNOWN.map(({ name }) => [name, env[name] === '' ? undefined : env[name]]),
  )
  const parsed = environment.safeParse(given)
  const problems: Problem[] = parsed.success
    ? []
    : parsed.error.issues.map((issue) => ({
        code: 'invalid_setting',
        severity: 'error' as const,
        path: issue.path.join('.'),
        message: `${issue.path.join('.')} must be ${issue.message}.`,
      }))
  if (parsed.success && parsed.data.WEDSYNC_SMTP_URL && !parsed.data.WEDSYNC_FROM) {
    problems.push({
      code: 'missing_setting',
      severity: 'error',
      path: 'WEDSYNC_FROM',
      message: 'WEDSYNC_FROM: name the sender address that the mail server may use.',
    })
  }
  if (parsed.success && (parsed.data.WEDSYNC_WORKERS_MAX ?? WORKERS_MAX) < parsed.data.WEDSYNC_WORKERS) {
    problems.push({
      code: 'invalid_setting',
      severity: 'error',
      path: 'WEDSYNC_WORKERS_MAX',
      message: 'WEDSYNC_WORKERS_MAX: at least as many as WEDSYNC_WORKERS.',
    })
  }
  if (parsed.success && parsed.data.WEDSYNC_WORKERS_MAX && parsed.data.WEDSYNC_WORKERS === 0) {
    problems.push({
      code: 'missing_setting',
      severity: 'error',
      path: 'WEDSYNC_WORKERS',
      message: 'WEDSYNC_WORKERS: name the least number of workers, 1 or more, when there is a most.',
    })
  }
  if (!parsed.success || problems.length > 0) {
    throw new Refusal(
      'setup',
      `The settings are not valid:\n${problems.map((one) => `  ${one.message}`).join('\n')}`,
      {},
      problems,
    )
  }
  const e = parsed.data
  const data = path.resolve(e.WEDSYNC_DATA)
  return {
    port: e.PORT,
    host: e.HOST,
    data,
    databaseUrl: e.DATABASE_URL ?? null,
    redisUrl: e.REDIS_URL ?? null,
    role: e.WEDSYNC_ROLE,
    workers: e.WEDSYNC_WORKERS,
    workersMax: e.WEDSYNC_WORKERS_MAX ?? e.WEDSYNC_WORKERS,
    logKeepDays: e.WEDSYNC_LOG_KEEP_DAYS,
    backups: backupsOf(e, data),
    key: e.WEDSYNC_KEY
      ? { text: e.WEDSYNC_KEY }
      : { file: path.join(path.dirname(data), `.${path.basename(data)}.wedsync-key`) },
    url: e.WEDSYNC_URL ?? `http://${e.HOST}:${e.PORT}`,
    sendingFor: e.WEDSYNC_SENDING ?? null,
    smtp: e.WEDSYNC_SMTP_URL && e.WEDSYNC_FROM ? { url: e.WEDSYNC_SMTP_URL, from: e.WEDSYNC_FROM } : null,
    innerMail: e.WEDSYNC_INNER_MAIL === 'allow',
    signUpOpen: e.WEDSYNC_SIGNUP === 'open',
    keyRequestsPerMinute: e.WEDSYNC_KEY_REQUESTS,
    proxies: e.WEDSYNC_PROXIES,
    logLevel: e.WEDSYNC_LOG,
  }
}

/** The embedded database has nobody else to look after it. */
function backupsOf(e: z.infer<typeof environment>, data: string): BackupSchedule | null {
  const beside = e.DATABASE_URL ? 'off' : `${data}-backups`
  const folder = e.WEDSYNC_BACKUP_FOLDER ?? beside
  if (folder === 'off') return null
  return { folder: path.resolve(folder), everyHours: e.WEDSYNC_BACKUP_HOURS, keep: e.WEDSYNC_BACKUPS_KEPT }
}
