import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { instant, plusMs } from '../../src/core/time/instant.ts'
import { CommitUnknown, type Scope } from '../../src/ports.ts'
import { openSession } from '../../src/postgres/client.ts'
import { startClock } from '../../src/postgres/clock.ts'
import { type DbOptions, openDb, type PostgresDb } from '../../src/postgres/connect.ts'
import { listen } from '../../src/postgres/listen.ts'
import { PoolExhausted } from '../../src/postgres/pool.ts'
import { bootProblems } from '../../src/store/boot-check.ts'
import { ANNA } from '../../src/store/conformance.ts'
import { migrate } from '../../src/store/migrate.ts'
import { isRetryable, type Session } from '../../src/store/sql.ts'
import { type Line, startLine } from './hurt-line.ts'
import { fixtureMigrations, silent, type TestServer } from './servers.ts'

/** What only a real server can show: lost lines, several connections, locks, the time. */
export function serverConformance(title: string, server: () => TestServer): void {
  const scope: Scope = { vendors: [ANNA] }
  const noteId = (n: number) => `0198c000-0000-7000-8000-${String(n).padStart(12, '0')}`

  describe(`${title}: over real connections`, () => {
    let admin: Session & { close(): Promise<void> }
    let line: Line
    const open: PostgresDb[] = []
    const dbOver = (target: ReturnType<TestServer['target']>, options: Partial<DbOptions> = {}) => {
      const db = openDb(target, { log: silent, ...options })
      open.push(db)
      return db
    }
    beforeAll(async () => {
      admin = await openSession(server().target('wed_admin'))
      line = await startLine(server().target('wed_app'))
    })
    beforeEach(() => admin.exec('delete from app.link; delete from app.note'))
    afterAll(async () => {
      for (const db of open) await db.close()
      await line?.close()
      await admin?.close()
    })
    const notes = async () =>
      (await admin.query<{ body: string }>('select body from app.note order by id')).map((r) => r.body)

    test('a transaction of one statement is one flight; a statement and its commit are two', async () => {
      const db = dbOver(line.target, { connectionsMax: 1 })
      const add = (n: number) => db.one('add', scope, INSERT, ANNA, noteId(n), 'x')
      await add(1)
      const before = line.flights
      await add(2)
      expect(line.flights - before).toBe(1)
      await db.tx('add', scope, (sql) => sql(INSERT, ANNA, noteId(3), 'x'))
      expect(line.flights - before).toBe(3)
    })

    test.for(['request lost', 'answer lost'] as const)(
      'a commit with its %s is unknown, never assumed',
      async (hurt) => {
        const db = dbOver(line.target)
        const done = hurt === 'answer lost' ? ['x'] : []
        line.hurtCommit = hurt
        const attempt = db.tx('cut', scope, (sql) => sql(INSERT, ANNA, noteId(1), 'x'))
        await expect(attempt).rejects.toBeInstanceOf(CommitUnknown)
        expect(await notes()).toEqual(done)

        line.hurtCommit = hurt
        await expect(db.one('cut', scope, INSERT, ANNA, noteId(2), 'y')).rejects.toBeInstanceOf(CommitUnknown)
        expect(await notes()).toEqual(hurt === 'answer lost' ? ['x', 'y'] : [])
        // The hurt connection is not used again.
        await db.one('next', scope, INSERT, ANNA, noteId(3), 'z')
        expect(db.stats()).toEqual({ open: 1, idle: 1, waiting: 0 })
      },
    )

    test('a line lost before the commit is an outage: certainly undone, and said so', async () => {
      const db = dbOver(line.target)
      const attempt = db.tx('cut', scope, async (sql) => {
        await sql(INSERT, ANNA, noteId(1), 'x')
        line.cutAll()
        await pause(20)
      })
      await expect(attempt).rejects.not.toBeInstanceOf(CommitUnknown)
      expect(await notes()).toEqual([])
      await db.one('next', scope, INSERT, ANNA, noteId(2), 'y')
    })

    test('a line gone silent is cut by the watchdog', async () => {
      const db = dbOver(line.target, { cutAfterMs: 200 })
      await db.one('warm', scope, SELECT_ONE)
      line.silent = true
      const asked = db.one('silent', scope, SELECT_ONE).finally(() => {
        line.silent = false
      })
      await expect(asked).rejects.toMatchObject({
        name: 'CommitUnknown',
        cause: { message: 'No answer from the database for 200 ms.' },
      })
      expect(await db.one('next', scope, SELECT_ONE)).toEqual([{ one: 1 }])
    })

    test('a line that is heard from is not cut, however long its transaction', async () => {
      const db = dbOver(line.target, { cutAfterMs: 1_200 })
      await db.tx('long', scope, async (sql) => {
        for (let i = 0; i < 4; i += 1) await sql`select pg_sleep(0.7)`
        await sql(INSERT, ANNA, noteId(3), 'z')
      })
      expect(await notes()).toHaveLength(1)
    })

    test('there are never more connections than allowed, and those who wait too long are told', async () => {
      const db = dbOver(server().target('wed_app'), {
        connectionsMax: 2,
        acquireTimeoutMs: 100,
        name: 'bounded',
      })
      await Promise.all(Array.from({ length: 20 }, () => db.one('many', scope, SELECT_ONE)))
      const [row] = await admin.query<{ n: number }>(
        `select count(*) as n from pg_stat_activity where application_name = 'bounded'`,
      )
      expect(row?.n).toBe(2)
      const hold = () => db.tx('hold', scope, (sql) => sql`select pg_sleep(0.3)`)
      const held = [hold(), hold()]
      await expect(db.one('late', scope, SELECT_ONE)).rejects.toBeInstanceOf(PoolExhausted)
      await Promise.all(held)
      expect(await db.one('after', scope, SELECT_ONE)).toEqual([{ one: 1 }])
    })

    test('a connection the server ended is replaced without anyone noticing', async () => {
      const db = dbOver(server().target('wed_app'), { name: 'ended' })
      await db.one('warm', scope, SELECT_ONE)
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended'`,
      )
      await pause(50)
      expect(await db.one('next', scope, SELECT_ONE)).toEqual([{ one: 1 }])
    })

    test('a prepared statement that no longer fits its table costs one connection, not the program', async () => {
      const db = dbOver(server().target('wed_app'), { connectionsMax: 1 })
      const all = () => db.one('all', scope, SELECT_ALL)
      await all()
      await admin.exec('alter table app.note add column later int')
      try {
        await expect(all()).rejects.toMatchObject({ code: '0A000' })
        expect(await all()).toEqual([])
      } finally {
        await admin.exec('alter table app.note drop column later')
      }
    })

    test('a lock that is held too long, and a deadlock, are recognised as worth another try', async () => {
      const db = dbOver(server().target('wed_app'))
      await db.one('add', scope, INSERT, ANNA, noteId(1), 'x')
      await db.one('add', scope, INSERT, ANNA, noteId(2), 'x')
      const locked = Promise.withResolvers<void>()
      const enough = Promise.withResolvers<void>()
      const holder = db.tx('hold', scope, async (sql) => {
        await sql(LOCK, noteId(1))
        locked.resolve()
        await enough.promise
      })
      await locked.promise
      const impatient = db.tx('impatient', scope, async (sql) => {
        await sql`select set_config('lock_timeout', '30ms', true)`
        await sql(LOCK, noteId(1))
      })
      await expect(impatient).rejects.toSatisfy(isRetryable)
      enough.resolve()
      await holder

      const both = { first: Promise.withResolvers<void>(), second: Promise.withResolvers<void>() }
      const cross = (mine: number, theirs: number, ready: () => void, other: Promise<void>) =>
        db.tx('cross', scope, async (sql) => {
          await sql(LOCK, noteId(mine))
          ready()
          await other
          await sql(LOCK, noteId(theirs))
        })
      const results = await Promise.allSettled([
        cross(1, 2, both.first.resolve, both.second.promise),
        cross(2, 1, both.second.resolve, both.first.promise),
      ])
      const failed = results.filter((result) => result.status === 'rejected')
      expect(failed.map((result) => [result.reason.code, isRetryable(result.reason)])).toEqual([
        ['40P01', true],
      ])
    })

    test('transactions really run side by side', async () => {
      const db = dbOver(server().target('wed_app'))
      const meet = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
      // Each waits for the other inside its transaction: one after the other would never end.
      await Promise.all(
        [0, 1].map((i) =>
          db.tx('meet', scope, async (sql) => {
            await sql`select 1`
            meet[i]?.resolve()
            await meet[1 - i]?.promise
            await sql(INSERT, ANNA, noteId(i), String(i))
          }),
        ),
      )
      expect(await notes()).toEqual(['0', '1'])
    })

    test('every connection is impatient by the names we gave our limits', async () => {
      const db = dbOver(server().target('wed_app'))
      expect(await db.one('limits', scope, SETTINGS)).toEqual([
        { statement: '15s', lock: '5s', idle: '10s', zone: 'UTC', who: 'wed_app' },
      ])
    })

    test('a hint is heard, and a lost line is told as a gap', async () => {
      const heard: string[] = []
      let gaps = 0
      const ears = listen(
        line.target,
        ['ring'],
        silent,
        (channel, payload) => heard.push(`${channel}:${payload}`),
        () => gaps++,
      )
      try {
        await expect.poll(() => gaps).toBe(1)
        await admin.exec(`notify ring, 'shard 7'`)
        await expect.poll(() => heard).toEqual(['ring:shard 7'])
        line.cutAll()
        await expect.poll(() => gaps, { timeout: 3_000 }).toBe(2)
        await admin.exec(`notify ring, 'again'`)
        await expect.poll(() => heard).toEqual(['ring:shard 7', 'ring:again'])
      } finally {
        await ears.close()
      }
    })

    test('the clock is the database’s, known to a few milliseconds, and sleeps by it', async () => {
      const clock = startClock(server().target('wed_app'), silent)
      try {
        expect(clock.uncertaintyMs()).toBe(Number.POSITIVE_INFINITY)
        await clock.ready(5_000)
        expect(clock.uncertaintyMs()).toBeLessThan(50)
        const [row] = await admin.query<{ at: number }>('select clock_timestamp() as at')
        expect(Math.abs((row?.at ?? 0) - clock.now())).toBeLessThan(100)

        const until = plusMs(clock.now(), 60)
        await clock.sleepUntil(until, 'test')
        expect(clock.now()).toBeGreaterThanOrEqual(until)
        const abort = new AbortController()
        const asleep = clock.sleepUntil(plusMs(clock.now(), 3_600_000), 'test', abort.signal)
        abort.abort()
        await asleep
      } finally {
        await clock.close()
      }
    })

    test('two that migrate at once do not fight: one works, the other finds it done', async () => {
      await admin.exec('drop schema app cascade; drop schema wedsync cascade')
      const migrations = await fixtureMigrations()
      const starters = await Promise.all([1, 2].map(() => openSession(server().target('wed_migrate'))))
      const ran = await Promise.all(starters.map((session) => migrate(session, migrations, instant(0))))
      expect(ran.map((names) => names.length).sort()).toEqual([0, 2])
      for (const session of starters) await session.close()
    })

    test('the product’s login passes the boot check; the administrator’s never does', async () => {
      const app = await openSession(server().target('wed_app'))
      const check = { embedded: true, judged: 'who logged in' } as const
      expect((await bootProblems(app, check)).filter(({ severity }) => severity === 'refuse')).toEqual([])
      await app.close()
      expect(await bootProblems(admin, check)).toContainEqual(
        expect.objectContaining({ severity: 'refuse', code: 'mighty_role' }),
      )
      const owner = await openSession(server().target('wed_migrate'))
      expect((await bootProblems(owner, check)).map(({ code }) => code)).toContain('owned_table')
      await owner.close()
    })
  })
}

const text = (strings: TemplateStringsArray, ..._values: number[]): TemplateStringsArray => strings
const INSERT = text`insert into app.note (vendor_id, id, body) values (${1}::uuid, ${2}::uuid, ${3}::text)`
const SELECT_ONE = text`select 1 as one`
const SELECT_ALL = text`select * from app.note`
const LOCK = text`select body from app.note where id = ${1}::uuid for update`
const SETTINGS = text`select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
  current_setting('idle_in_transaction_session_timeout') as idle, current_setting('timezone') as zone,
  session_user::text as who`
