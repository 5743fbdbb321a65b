import { isIPv6 } from 'node:net'
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from 'rate-limiter-flexible'
import { Refusal } from '../../core/refusal.ts'

/**
 * How many requests in how long, by who asks (security T21). Counted before a body is read. The keys of one vendor
 * share a limit, and so do its people; whoever is nobody yet is counted by address.
 */
export const LIMITS = {
  key: { points: 100, seconds: 60 },
  people: { points: 1_200, seconds: 60 },
  person: { points: 300, seconds: 60 },
  /** What strangers may ask: signing in, links, resets; and refused keys. */
  stranger: { points: 60, seconds: 60 },
  /** Tries of one address to sign in, wherever they come from. */
  account: { points: 10, seconds: 900 },
  /** Passwords that somebody who is signed in gives once more. */
  proof: { points: 20, seconds: 900 },
  /** Public pages: what one address opens, what is written by one link, and links that were no links. */
  page: { points: 300, seconds: 60 },
  link: { points: 90, seconds: 60 },
  miss: { points: 20, seconds: 60 },
  /** Calls of other systems to one address, once they are proven. */
  incoming: { points: 300, seconds: 60 },
} as const
export type LimitName = keyof typeof LIMITS
export type LimitSettings = {
  readonly [Name in LimitName]: { readonly points: number; readonly seconds: number }
}

export type Limits = {
  readonly settings: LimitSettings
  /** Counts one request, or one that weighs as much as several; gives the headers that tell how many are left, or refuses. */
  count(limit: LimitName, who: string, weight?: number): Promise<Record<string, string>>
}

export class TooMany extends Refusal {
  readonly headers: Record<string, string>
  constructor(headers: Record<string, string>, seconds: number) {
    super(
      'too_many',
      `That was too much at once. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    )
    this.headers = headers
  }
}

/** For one process alone. */
export const inMemoryLimits = (settings: LimitSettings = LIMITS): Limits =>
  limitsOver(settings, (name, { points, seconds }) => inMemory(name, points, seconds))

const inMemory = (name: LimitName, points: number, duration: number): RateLimiterAbstract =>
  new RateLimiterMemory({ keyPrefix: name, points, duration })

/** For several processes together. While Redis is away each counts for itself: a limit never stands open. */
export const sharedLimits = (redis: unknown, settings: LimitSettings = LIMITS): Limits =>
  limitsOver(
    settings,
    (name, { points, seconds }) =>
      new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `wedsync:limit:${name}`,
        points,
        duration: seconds,
        rejectIfRedisNotReady: true,
        insuranceLimiter: inMemory(name, points, seconds) as RateLimiterMemory,
      }),
  )

function limitsOver(
  settings: LimitSettings,
  make: (name: LimitName, of: { points: number; seconds: number }) => RateLimiterAbstract,
): Limits {
  const limiters = new Map<LimitName, RateLimiterAbstract>(
    (Object.keys(settings) as LimitName[]).map((name) => [name, make(name, settings[name])]),
  )
  return {
    settings,
    async count(name, who, weight = 1) {
      const { points, seconds } = settings[name]
      const told = (result: RateLimiterRes): Record<string, string> => ({
        'ratelimit-policy': `"${name}";q=${points};w=${seconds}`,
        ratelimit: `"${name}";r=${Math.max(0, result.remainingPoints)};t=${Math.ceil(result.msBeforeNext / 1_000)}`,
      })
      try {
        return told(await limiters.get(name)!.consume(who, Math.min(weight, points)))
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error
        const wait = Math.max(1, Math.ceil(error.msBeforeNext / 1_000))
        throw new TooMany({ ...told(error), 'retry-after': String(wait) }, wait)
      }
    },
  }
}

/** One address, or the /64 that one household or server has of IPv6. */
export function addressOf(remote: string | undefined): string {
  if (remote === undefined) return 'here'
  const address = remote.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
