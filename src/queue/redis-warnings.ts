/** What an operator should know about this Redis, and what mends it; for the start, `doctor` and health. */
export type RedisWarning = {
  readonly is: 'silent' | 'no_database' | 'throws_away' | 'forgets'
  readonly says: string
  readonly fix: string
}

const ANSWERS_WITHIN_MS = 3_000

/** None when it is set up as the doorbell needs it. */
export async function redisWarnings(url: string): Promise<RedisWarning[]> {
  const { Redis } = await import('ioredis')
  const client = new Redis(url, {
    connectionName: 'wedsync look',
    lazyConnect: true,
    connectTimeout: ANSWERS_WITHIN_MS,
    commandTimeout: ANSWERS_WITHIN_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let cause: Error | null = null
  client.on('error', (error: Error) => {
    cause = error
  })
  try {
    await client.connect()
    // Where INFO is forbidden nobody knows, and nobody is blamed.
    await client.ping()
    const database = client.options.db ?? 0
    // The client goes on in the first one when there is none by this number, and says nothing of it.
    const missing = await client.select(database).then(
      () => null,
      (error: Error) => error.message,
    )
    if (missing !== null && NO_DATABASE.test(missing)) return [noDatabase(database, missing)]
    const facts = await Promise.all([client.info('memory'), client.info('persistence')]).catch(() => [])
    return warningsIn(facts.join('\n'))
  } catch (error) {
    return [silent((cause ?? (error as Error)).message)]
  } finally {
    client.disconnect()
  }
}

const LOCKED_OUT = /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH)\b/

const NO_DATABASE = /^ERR .*(index|range|cluster)/i

const noDatabase = (database: number, cause: string): RedisWarning => ({
  is: 'no_database',
  says: `Redis at REDIS_URL has no database ${database} (${cause}).`,
  fix: 'End REDIS_URL with the number of one that it has (0 to 15, unless it was set up otherwise), or with none.',
})

/** One that runs and does not let us in is not mended by starting it. */
function silent(cause: string): RedisWarning {
  const isLocked = LOCKED_OUT.test(cause)
  const how = isLocked ? 'does not let us in' : 'does not answer'
  const first = isLocked
    ? 'Put its user and password into REDIS_URL (redis://user:password@host:6379)'
    : 'Start it'
  return {
    is: 'silent',
    says: `Redis at REDIS_URL ${how} (${cause}). Work goes on without it, up to two seconds later.`,
    fix: `${first}, or take REDIS_URL away: without it the doorbell rings by PostgreSQL.`,
  }
}

export function warningsIn(info: string): RedisWarning[] {
  const fact = (name: string): string | undefined => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1]
  const policy = fact('maxmemory_policy')
  const warnings: RedisWarning[] = []
  if (policy !== undefined && policy !== 'noeviction')
    warnings.push({
      is: 'throws_away',
      says: `Redis may throw away rings when its memory is full (maxmemory-policy is ${policy}).`,
      fix: 'CONFIG SET maxmemory-policy noeviction',
    })
  if (fact('aof_enabled') === '0')
    warnings.push({
      is: 'forgets',
      says: 'Redis keeps no append-only file, so a restart forgets pending rings; the sweep then finds their work up to two seconds late.',
      fix: 'CONFIG SET appendonly yes',
    })
  return warnings
}
